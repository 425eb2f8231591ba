internal import Glibc
internal import ThreadExecutor

/// A port of 127.0.0.1 that takes one redirect of a browser (RFC 8252 §7.3).
///
/// A request for another path, or with another state, is answered with an error, and the listener waits on: any program of this machine can
/// connect.
package final class LoopbackListener: Sendable {
    private let descriptor: Int32
    private let port: UInt16

    /// The redirect URI of the login.
    package var address: String { "http://127.0.0.1:\(port)/callback" }

    /// The most bytes of a request's head.
    private static let maxHeadLength = 16 * 1024

    /// Listens on a free port.
    package init() throws(OIDCError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .noListener }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The C functions take the general form of an address, and use it during the call only.
        let isListening = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(descriptor, name, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, name, &length) == 0
            }
        }
        guard isListening else {
            close(descriptor)
            throw .noListener
        }
        self.descriptor = descriptor
        port = UInt16(bigEndian: name.sin_port)
    }

    deinit { close(descriptor) }

    /// Waits for the redirect and returns its parameters.
    ///
    /// - Parameters:
    ///   - state: the state that the redirect must have.
    ///   - seconds: the time after which the login has expired.
    package func redirect(state: String, within seconds: Int) async throws(OIDCError) -> [String: String] {
        try await onOwnThread("login-redirect") { [self] () throws(OIDCError) in
            let end = ContinuousClock.now + .seconds(seconds)
            while Self.waitReadable(descriptor, until: end) {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { continue }
                defer { close(connection) }
                if let parameters = Self.serve(connection, state: state, until: end) { return parameters }
            }
            throw .expired
        }
    }

    /// Answers one request. Returns the parameters of the redirect; nil for any other request.
    private static func serve(
        _ connection: Int32, state: String, until end: ContinuousClock.Instant
    ) -> [String: String]? {
        guard let target = target(from: connection, until: min(end, .now + .seconds(5))) else {
            answer(connection, "400 Bad Request", "This is not a request of a browser.")
            return nil
        }
        let parts = target.split(separator: "?", maxSplits: 1)
        guard parts.first == "/callback", parts.count == 2, let parameters = FormText.decode(parts[1]) else {
            answer(connection, "404 Not Found", "There is no such page.")
            return nil
        }
        guard parameters["state"] == state else {
            answer(connection, "400 Bad Request", "This redirect belongs to another login.")
            return nil
        }
        let text = parameters["error"] == nil ? "You are logged in." : "The login failed."
        answer(connection, "200 OK", "\(text) You can close this page and return to the terminal.")
        return parameters
    }

    /// Reads the head of a request and returns its target; nil if it is not a GET request.
    private static func target(from connection: Int32, until end: ContinuousClock.Instant) -> Substring? {
        var head: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while head.count < maxHeadLength, !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            guard waitReadable(connection, until: end) else { return nil }
            // Reads into the array's own memory, which outlives the call.
            let got = chunk.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard got > 0 else { return nil }
            head += chunk.prefix(got)
        }
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        let line = text.prefix { $0 != "\r\n" }.split(separator: " ")
        return line.count == 3 && line[0] == "GET" && line[2].hasPrefix("HTTP/1.") ? line[1] : nil
    }

    private static func answer(_ connection: Int32, _ status: String, _ text: String) {
        let page = "<!doctype html><meta charset=utf-8><title>kms login</title><p>\(text)</p>\n"
        let answer = """
            HTTP/1.1 \(status)\r
            Content-Type: text/html; charset=utf-8\r
            Content-Length: \(page.utf8.count)\r
            Cache-Control: no-store\r
            Connection: close\r
            \r
            \(page)
            """
        let bytes = Array(answer.utf8)
        // A few hundred bytes fit into the socket's buffer. A browser that is gone is no failure.
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func waitReadable(_ descriptor: Int32, until end: ContinuousClock.Instant) -> Bool {
        while true {
            let rest = ContinuousClock.now.duration(to: end)
            guard rest > .zero else { return false }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = poll(&waiting, 1, Int32(clamping: rest.components.seconds * 1000 + 1000))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }
}
