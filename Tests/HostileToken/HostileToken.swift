import Glibc

/// A compromised token process. It implements the protocol independently, from its description, and answers wrongly.
///
/// Arguments: the way to answer, see ``Way``, and `start` to apply it from the opening of the token; otherwise the opening is
/// answered rightly.
@main
struct HostileToken {
    static func main() {
        // The process ends when the service is gone.
        signal(SIGPIPE, SIG_DFL)
        let arguments = CommandLine.arguments
        guard arguments.count >= 2, let way = Way(rawValue: arguments[1]) else { exit(64) }
        let beginsAtStart = arguments.dropFirst(2).first == "start"
        while let request = Request.next() {
            switch request.kind {
            case Kind.start where !beginsAtStart: Answer(to: request, Shapes.opening()).send()
            case Kind.ping where !way.isSilent: Answer(to: request, []).send()
            case Kind.ping: break
            default: way.answer(request)
            }
        }
    }
}

/// The numbers of the requests that the program must distinguish.
enum Kind {
    static let start: UInt8 = 1
    static let ping: UInt8 = 2
    /// forget and checkHealth, whose answers are empty.
    static let withoutAnswer: Set<UInt8> = [17, 18]
}

/// A frame: `length (4) | id (8) | kind (1) | body`.
struct Request {
    let id: UInt64
    let kind: UInt8

    /// Waits for the next request; `nil` if there are no more.
    static func next() -> Request? {
        guard let head = read(13) else { return nil }
        let length = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let id = head[4..<12].reduce(0) { $0 << 8 | UInt64($1) }
        guard length >= 9, read(length - 9) != nil else { return nil }
        return Request(id: id, kind: head[12])
    }

    private static func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { recv(3, $0.baseAddress.map { $0 + done }, count - done, 0) }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }
}

struct Answer {
    var bytes = Bytes()

    init(to request: Request, _ body: [UInt8], kind: UInt8 = 0, id: UInt64? = nil, length: Int? = nil) {
        bytes.put(UInt32(truncatingIfNeeded: length ?? body.count + 9))
        bytes.put(id ?? request.id)
        bytes.all.append(kind)
        bytes.all += body
    }

    func send() { Self.send(bytes.all) }

    static func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(3, $0.baseAddress, $0.count, 0) }
            guard sent > 0 else { exit(0) }
            rest = rest.dropFirst(sent)
        }
    }
}

/// The bytes of a body: big-endian numbers, and bytes and lists preceded by their counts.
struct Bytes {
    var all: [UInt8] = []

    mutating func put(_ number: UInt32) { all += (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
    mutating func put(_ number: UInt64) { all += (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } }
    mutating func put(_ bytes: [UInt8]) {
        put(UInt32(bytes.count))
        all += bytes
    }
    mutating func put(_ text: String) { put(Array(text.utf8)) }
}
