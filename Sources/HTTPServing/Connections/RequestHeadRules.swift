import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Refuses requests that two readers could understand differently (RFC 9112 §3.2). Such a request has no host or several, or a target for
/// another host than its own. Or it has bytes that are not UTF-8, which NIO has replaced by U+FFFD.
///
/// The handler precedes the codec that separates authority and `Host`. A refused request goes no further: it is answered like input that is
/// not HTTP, and the connection ends.
final class RequestHeadRules: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var isRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        if case .head(let head) = unwrapInboundIn(data), !Self.isAcceptable(head) {
            isRefused = true
            context.fireErrorCaught(HTTPParserError.invalidHost)
            return
        }
        context.fireChannelRead(data)
    }

    /// Adds the rules to a connection whose codec is in place.
    static func add(to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
        try pipeline.addHandler(RequestHeadRules(), position: .before(codec))
    }

    static func isAcceptable(_ head: HTTPRequestHead) -> Bool {
        guard !head.headers.contains(where: { $0.value.unicodeScalars.contains("\u{FFFD}") }) else { return false }
        let hosts = head.headers["host"]
        // HTTP/1.0 does not require a host (RFC 9112 §3.2).
        let isOld = head.version.major == 1 && head.version.minor == 0
        guard hosts.count == 1 || (hosts.isEmpty && isOld), hosts.allSatisfy(isHost) else { return false }
        return isAcceptable(target: head.uri, host: hosts.first, head.method)
    }

    /// Returns true if a field value is not empty and has only the characters of a host and port (RFC 3986 §3.2.2): no user information, no
    /// space.
    private static func isHost(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~!$&'()*+,;=:[]%".utf8.contains(byte)
                }
            }
    }

    /// Returns true for the origin form, for `*` of OPTIONS, and for the absolute form with the host that the request names itself.
    private static func isAcceptable(target: String, host: String?, _ method: HTTPMethod) -> Bool {
        guard target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        if target.utf8.first == UInt8(ascii: "/") { return true }
        if target == "*" { return method == .OPTIONS }
        for scheme in ["http://", "https://"] where hasPrefix(target, scheme) {
            let authority = target.utf8.dropFirst(scheme.utf8.count).prefix {
                $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
            }
            guard let host else { return false }
            return authority.count == host.utf8.count
                && zip(authority, host.utf8).allSatisfy { lowercased($0) == lowercased($1) }
        }
        return false
    }

    private static func hasPrefix(_ text: String, _ prefix: String) -> Bool {
        text.utf8.count >= prefix.utf8.count && zip(text.utf8, prefix.utf8).allSatisfy { lowercased($0) == $1 }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
}

@available(*, unavailable)
extension RequestHeadRules: Sendable {}
