public import KeyManagement
internal import ThreadExecutor

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The end of the token's own process: has a `Token` and does on it what the service asks for, over a socket.
///
/// It trusts the service with everything but the PIN and the version keys, which it does not see.
public enum TokenServer {
    /// What was opened, and what is told of it.
    public struct Opening: Sendable {
        public let token: any Token
        public let description: TokenDescription
        /// Takes the token out of use.
        public let close: @Sendable () async -> Void

        public init(token: any Token, description: TokenDescription, close: @escaping @Sendable () async -> Void) {
            self.token = token
            self.description = description
            self.close = close
        }
    }

    /// Serves until the service is gone, on the thread that calls.
    ///
    /// - Parameters:
    ///   - descriptor: a connected stream socket, which is closed in the end.
    ///   - open: is handed what an earlier process told as its proof, if there was one, and opens the token.
    public static func run(
        descriptor: Int32,
        open: @escaping @Sendable (_ proof: [UInt8]?) async throws(TokenProcessError) -> Opening
    ) async {
        let socket = OwnedDescriptor(descriptor)
        let outbox = Outbox(socket, name: "token-answers")
        let session = ServerSession(outbox: outbox, open: open)
        await onOwnThread("token-requests") {
            do throws(WireError) {
                try Inbox(socket).read { (id, kind, reader) throws(WireError) in
                    guard let request = Frame.Request(rawValue: kind) else { throw WireError("request \(kind)") }
                    try session.handle(request, id, &reader)
                    return true
                }
            } catch {
                // A service that says what cannot be read is another program: there is nobody to answer to.
            }
        }
        outbox.close()
        await session.close()
    }
}
