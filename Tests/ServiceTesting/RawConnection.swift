import Foundation
import Glibc
import ThreadExecutor

/// A TCP connection to a service on this machine, from a chosen loopback address, which sends arbitrary data.
package final class RawConnection: Sendable {
    private let descriptor: Int32

    /// - Parameter source: the last byte of the client's address: 127.0.0.x.
    package init(to port: UInt16, from source: UInt32 = 1) throws {
        // Close-on-exec, because other tests start processes meanwhile. Otherwise the connection would stay open there after it
        // is closed here.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isConnected =
            Self.with(0x7F00_0000 | source, port: 0) { bind(descriptor, $0, $1) } == 0
            && Self.with(0x7F00_0001, port: port) { connect(descriptor, $0, $1) } == 0
        guard isConnected else {
            throw CommandFailure("no connection to port \(port): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    private static func with(
        _ address: UInt32, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = address.bigEndian
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    @discardableResult
    package func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Returns the data received within `milliseconds`: nil if none arrived, empty if the service closed the connection.
    package func receive(within milliseconds: Int32) async -> String? {
        await onOwnThread("receive") { [self] in receiveNow(within: milliseconds) }
    }

    private func receiveNow(within milliseconds: Int32) -> String? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, milliseconds) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Returns true if the service closes the connection within `milliseconds`, without sending anything.
    package func isClosed(within milliseconds: Int32) async -> Bool { await receive(within: milliseconds) == "" }

    /// Returns true if `GET` of a path is answered with 200 within `milliseconds`.
    package func isAnswered(_ path: String = "/healthz", within milliseconds: Int32 = 5000) async -> Bool {
        await onOwnThread("answer") { [self] in isAnsweredNow(path, within: milliseconds) }
    }

    /// Does the same on the calling thread, which must be one of the test's own.
    package func isAnsweredNow(_ path: String, within milliseconds: Int32) -> Bool {
        guard send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n") else { return false }
        return receiveNow(within: milliseconds)?.hasPrefix("HTTP/1.1 200") ?? false
    }
}

extension Service {
    package var port: UInt16 { url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

    /// The port of the separate listener of the health routes.
    package var healthPort: UInt16? {
        log.split(separator: "\n").first { $0.contains("health routes listening") }?
            .firstMatch(of: /"port":"(\d+)"/).flatMap { UInt16($0.1) }
    }
}
