import AuditFiles
import Crypto
import Foundation
import KMSTesting
import KeyManagement
import Logging
import ServiceTesting
import Testing

@Suite struct AuditCommandTests {
    @Test func `a chain is verified with its files and the public key`() async throws {
        let (machine, folder) = try await ready()
        let good = try await machine.kms("audit", "verify", folder, "--public-key", machine.path("audit.pem"))
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.text.contains("result       whole"), "\(good.text)")
        let checkpoint = try await machine.kms("audit", "checkpoint", "--dir", folder)
        try machine.write(checkpoint.text, to: "published")
        let published = try await machine.kms(
            "audit", "verify", folder, "--public-key", machine.path("audit.pem"), "--published",
            machine.path("published"), "--require-final-checkpoint", "--json")
        #expect(published.status == 0 && published.text.contains("\"publishedFound\" : 1"), "\(published.text)")
    }

    @Test func `a chain that is not whole ends with code 4, and says where`() async throws {
        let (machine, folder) = try await ready()
        let file = URL(filePath: "\(folder)/audit-00000001.jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("\"request-3\"", with: "\"request-8\"").write(to: file, atomically: false, encoding: .utf8)
        let outcome = try await machine.kms("audit", "verify", folder, "--public-key", machine.path("audit.pem"))
        #expect(outcome.status == 4)
        #expect(outcome.text.contains("changed  audit-00000001.jsonl  5 "), "\(outcome.text)")
        #expect(outcome.errors == "kms: store: the audit chain is not whole: 1 finding\n")
    }

    @Test func `operations are shown, searched and exported`() async throws {
        let (machine, folder) = try await ready()
        let tail = try await machine.kms("audit", "tail", "-n", "4", "--dir", folder)
        #expect(tail.text.split(separator: "\n").count == 4 && tail.text.contains("checkpoint"), "\(tail.text)")
        let search = try await machine.kms("audit", "search", "--outcome", "denied", "--json", "--dir", folder)
        #expect(search.text.split(separator: "\n").count == 5, "\(search.text)")
        let limited = try await machine.kms(
            "audit", "search", "--subject", "alice", "--since", "2026-01-01T00:00:00Z", "--limit", "2", "--dir", folder)
        #expect(limited.text.split(separator: "\n").count == 2, "\(limited.text)\(limited.errors)")
        for format in ["ocsf", "cef"] {
            let export = try await machine.kms("audit", "export", "--format", format, "--dir", folder)
            #expect(export.text.split(separator: "\n").count == 10, "\(export.text)")
        }
        #expect(try await machine.kms("audit", "search", "--outcome", "x", "--dir", folder).status == 9)
        #expect(try await machine.kms("audit", "tail", "--dir", machine.path("nothing")).status == 2)
    }

    @Test func `the audit key comes with the root keys, and its public half is shown`() async throws {
        let machine = try await Machine()
        let pem = try await machine.succeed("audit", "public-key").text
        #expect(pem.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        #expect(try P256.Signing.PublicKey(pemRepresentation: pem).rawRepresentation.count == 64)
        #expect(try await machine.kms("audit", "init").status == 3)
        #expect(try await machine.succeed("root", "show").text.contains("kms-audit-1\n"))
    }

    /// Returns a machine with a chain of ten operations, half of them denied, and the key that signed it.
    private func ready() async throws -> (Machine, String) {
        let machine = try await Machine(isReady: false)
        let signer = Signer()
        let folder = machine.path("audit")
        let trail = try await AuditTrail.open(
            AuditConfiguration(directory: folder), signer: signer,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        for number in 1...10 {
            try await trail.append(
                AuditEntry(
                    time: SystemWallClock().now, requestID: "request-\(number)", subject: SubjectID("alice"),
                    verb: "encrypt", outcome: number % 2 == 0 ? .denied : .succeeded, code: "X", reason: "test"))
        }
        await trail.close()
        try machine.write(signer.key.publicKey.pemRepresentation, to: "audit.pem")
        return (machine, folder)
    }

    private struct Signer: CheckpointSigner {
        let key = P256.Signing.PrivateKey()

        var publicKey: PublicKeyInfo { PublicKeyInfo(der: Array(key.publicKey.derRepresentation)) }

        func sign(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
            do {
                return Array(try key.signature(for: GivenDigest(bytes: digest)).rawRepresentation)
            } catch {
                throw .failed("\(error)")
            }
        }
    }

    private struct GivenDigest: Digest {
        static let byteCount = 32
        let bytes: [UInt8]

        func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
            try bytes.withUnsafeBytes(body)
        }

        func makeIterator() -> Array<UInt8>.Iterator { bytes.makeIterator() }
        func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
        static func == (lhs: GivenDigest, rhs: GivenDigest) -> Bool { lhs.bytes == rhs.bytes }
        var description: String { "digest" }
    }
}
