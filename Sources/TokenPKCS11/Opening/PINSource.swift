internal import FoundationEssentials
internal import Glibc
internal import PKCS11

/// The source of a PIN: a file or a descriptor. A PIN is never an argument, because other users see those in the list of
/// processes.
package enum PINSource: Hashable, Sendable {
    case file(String)
    case descriptor(Int32)

    /// Reads `file:/path`, `/path` or `fd:3`.
    ///
    /// - Throws: ``TokenOpenError/unusableURI(_:)`` for anything else, a command (`|…`) included.
    package init(_ text: String) throws(TokenOpenError) {
        if text.hasPrefix("fd:") {
            guard let number = Int32(text.dropFirst(3)), number >= 0 else {
                throw .unusableURI("pin-source '\(text)' has no descriptor's number")
            }
            self = .descriptor(number)
        } else if text.hasPrefix("file:") {
            let path = text.hasPrefix("file:///") ? String(text.dropFirst(7)) : String(text.dropFirst(5))
            guard !path.isEmpty else { throw .unusableURI("pin-source 'file:' has no path") }
            self = .file(path)
        } else if text.hasPrefix("/") || text.hasPrefix("./") {
            self = .file(text)
        } else {
            throw .unusableURI("pin-source has to be file:PATH or fd:NUMBER")
        }
    }

    /// The maximum length of a PIN in bytes.
    static let maxLength = 256

    /// Reads the PIN up to the first line break. The buffer it passed through is erased.
    func read() throws(TokenOpenError) -> PIN {
        let descriptor: Int32
        switch self {
        case .descriptor(let number): descriptor = number
        case .file(let path):
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw .pinUnavailable("\(path): \(String(cString: strerror(errno)))") }
        }
        defer { if case .file = self { close(descriptor) } }
        return try Self.readLine(from: descriptor, named: name)
    }

    private var name: String {
        switch self {
        case .file(let path): path
        case .descriptor(let number): "descriptor \(number)"
        }
    }

    private static func readLine(from descriptor: Int32, named name: String) throws(TokenOpenError) -> PIN {
        var buffer = [UInt8](repeating: 0, count: maxLength + 2)
        defer { buffer.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } } }
        var count = 0
        while count < buffer.count {
            let offset = count
            // The buffer belongs to this function and outlives the call.
            let got = buffer.withUnsafeMutableBytes { buffer in
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                return Glibc.read(descriptor, room.baseAddress, room.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .pinUnavailable("\(name): \(String(cString: strerror(errno)))") }
            if got == 0 { break }
            count += got
            if buffer[..<count].contains(UInt8(ascii: "\n")) { break }
        }
        let line = buffer[..<count].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else { throw .pinUnavailable("\(name) is empty") }
        guard line.count <= maxLength else {
            throw .pinUnavailable("\(name) has a line of more than \(maxLength) bytes")
        }
        return PIN(line)
    }
}

extension PKCS11URI {
    /// Reads the PIN from the URI's source.
    func readPIN() throws(TokenOpenError) -> PIN {
        guard pinValue == nil else {
            throw .unusableURI(
                "pin-value would put the PIN into a configuration; use pin-source=file:PATH or fd:NUMBER")
        }
        guard let pinSource else { throw .unusableURI("it has no pin-source=file:PATH or fd:NUMBER") }
        return try PINSource(pinSource).read()
    }
}
