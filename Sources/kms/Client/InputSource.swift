import Glibc

/// Standard input or a file, which is read once from its beginning.
final class InputSource: Sendable {
    /// Its name in messages: the path, or "standard input".
    let name: String
    private let descriptor: Int32
    private let isOwned: Bool

    static let standardInput = InputSource(STDIN_FILENO, "standard input", isOwned: false)

    private init(_ descriptor: Int32, _ name: String, isOwned: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isOwned = isOwned
    }

    convenience init(path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path) }
        self.init(descriptor, path, isOwned: true)
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Reads until the buffer is full or the input ends, and returns the number of bytes.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        var count = 0
        while count < buffer.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            // The caller's memory, which outlives the call.
            let got = Glibc.read(descriptor, room.baseAddress, room.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(name) }
            if got == 0 { break }
            count += got
        }
        return count
    }

    /// Reads up to `limit` bytes, and one more if there is one.
    func read(atMost limit: Int) throws(Failure) -> [UInt8] {
        var result = Result<Int, Failure>.success(0)
        let bytes = [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, count in
            result = Result { () throws(Failure) in try read(into: UnsafeMutableRawBufferPointer(buffer)) }
            if case .success(let got) = result { count = got }
        }
        _ = try result.get()
        return bytes
    }
}
