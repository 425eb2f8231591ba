internal import Glibc
package import KeyManagement
internal import ThreadExecutor

/// The token side of the protocol: executes the service's requests on a `Token`, over a socket.
///
/// It trusts the service with everything except the PIN and the version keys, which the service does not see.
package enum TokenServer {
    /// An opened token and its description.
    package struct Opening: Sendable {
        package let token: any Token
        package let description: TokenDescription
        /// Closes the token.
        package let close: @Sendable () async -> Void

        package init(token: any Token, description: TokenDescription, close: @escaping @Sendable () async -> Void) {
            self.token = token
            self.description = description
            self.close = close
        }
    }

    /// Serves until the service is gone, on the calling thread.
    ///
    /// - Parameters:
    ///   - descriptor: a connected stream socket, which is closed at the end.
    ///   - open: opens the token; receives the probe result of an earlier process, if any.
    package static func run(
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
                // A peer that sends unreadable data is another program, so it gets no answer.
            }
        }
        outbox.close()
        await session.close()
    }
}
