import KMSTesting
import NIOCore
import NIOPosix
import NIOSSL
import ThreadExecutor

/// External programs that speak TLS, and certificates for them.
struct Outside: Sendable {
    let folder: CertificateFolder

    /// Makes the service's certificates, and those of valid and invalid clients.
    static func makeFolder() throws -> CertificateFolder {
        let folder = try CertificateFolder()
        try folder.makeAuthority("ca")
        try folder.makeAuthority("other")
        try folder.makeAuthority("self", subject: "alice")
        try folder.makeCertificate("server", subject: "/CN=server", names: "DNS:localhost,IP:127.0.0.1")
        try folder.makeCertificate("next", subject: "/CN=next", names: "DNS:localhost,IP:127.0.0.1")
        try folder.makeCertificate(
            "alice", subject: "/O=shop/CN=alice",
            names: "email:alice@shop.example,URI:urn:shop:alice,DNS:alice.shop.example")
        try folder.makeCertificate("strange", subject: "/CN=a\u{2215}b c", names: "URI:spiffe://shop.example/alice")
        try folder.makeCertificate("twice", subject: "/CN=alice/CN=adam")
        try folder.makeCertificate("foreign", subject: "/CN=alice", authority: "other")
        try folder.makeCertificate("expired", subject: "/CN=alice", days: -1)
        return folder
    }

    /// Returns curl's output for a request, and the answer.
    func curl(_ port: Int, _ path: String, certificate: String? = nil, _ more: String...) async throws -> String {
        let client = certificate.map { ["--cert", folder.file("\($0).pem"), "--key", folder.file("\($0).key")] } ?? []
        return try await run(
            ["curl", "-sSvi", "--max-time", "30", "--cacert", folder.file("ca.pem")] + client + more
                + ["https://localhost:\(port)\(path)"])
    }

    /// Returns OpenSSL's output for a connection.
    func openSSL(_ port: Int, _ more: String...) async throws -> String {
        let command = ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", folder.file("ca.pem")]
        return try await run(command + more)
    }

    func run(_ command: [String]) async throws -> String {
        try await onOwnThread("outside") {
            let outcome = try ChildProcess.run(
                "/usr/bin/env", command, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
            return String(decoding: outcome.output, as: UTF8.self)
        }
    }
}

/// A TLS connection that stays open.
struct TLSConnection {
    fileprivate var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Sends a request and returns the answer, up to the end of a JSON body.
    mutating func send(_ text: String) async throws -> String {
        try await outbound.write(ByteBuffer(string: text))
        var answer = ""
        while let part = try await inbound.next() {
            answer += String(buffer: part)
            if answer.hasSuffix("}") { break }
        }
        return answer
    }
}

func withTLSConnection(
    _ port: Int, trusting authorities: String, _ body: (inout TLSConnection) async throws -> Void
) async throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(authorities)
    let context = try NIOSSLContext(configuration: configuration)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    try await channel.executeThenClose { inbound, outbound in
        var connection = TLSConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
        try await body(&connection)
    }
}
