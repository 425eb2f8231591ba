import Foundation
import KMSTesting
import ServiceTesting
import Testing
import ThreadExecutor

/// `kms serve` with TLS, and its clients.
@Suite(.timeLimit(.minutes(2))) struct TLSCommandTests {
    @Test func `the service speaks TLS, and the client believes its authority only`() async throws {
        let machine = try await Machine()
        let folder = try await onOwnThread("certificates") {
            let folder = try CertificateFolder()
            try folder.makeAuthority("ca")
            try folder.makeAuthority("other")
            try folder.makeCertificate("server", subject: "/CN=server", names: "IP:127.0.0.1")
            try folder.makeCertificate("alice", subject: "/CN=alice")
            return folder
        }
        let tls = [
            "KMS_SERVER_TLS_CERTIFICATE": folder.file("server.pem"), "KMS_SERVER_TLS_KEY": folder.file("server.key"),
            "KMS_SERVER_TLS_CLIENT_CA": folder.file("ca.pem"), "KMS_SERVER_TLS_CLIENT_CERTIFICATES": "optional",
        ]
        #expect(try await machine.kms("config", "check", with: tls).status == 0)
        // With TLS any address is permitted.
        let service = try await Service.start(on: machine, "--host", "0.0.0.0", with: tls)
        let url = service.url.replacing("http://", with: "https://")
        let good = try await machine.kms("health", "--url", url, "--ca", folder.file("ca.pem"))
        #expect(good.status == 0, "\(good.errors) \(service.log)")
        let wrong = try await machine.kms("health", "--url", url, "--ca", folder.file("other.pem"))
        #expect(wrong.status == 5, "\(wrong.errors)")
        let plain = try await machine.kms("health", "--url", service.url)
        #expect(plain.status == 5, "\(plain.errors)")
        let client = [
            "KMS_URL": url, "KMS_CA": folder.file("ca.pem"), "KMS_CLIENT_CERTIFICATE": folder.file("alice.pem"),
            "KMS_CLIENT_KEY": folder.file("alice.key"),
        ]
        #expect(try await machine.kms("health", with: client).status == 0)
        #expect(
            try await machine.kms("health", with: client.merging(["KMS_CLIENT_KEY": folder.file("ca.key")]) { $1 })
                .status != 0)
        #expect(await service.stop() == 0)
    }

    @Test func `half of the TLS settings is refused, and so are files that are not there`() async throws {
        let machine = try await Machine()
        let certificate = ["KMS_SERVER_TLS_CERTIFICATE": machine.path("none.pem")]
        let half = try await machine.kms("config", "check", with: certificate)
        #expect(half.status == 2 && half.errors.contains("server.tls-key"), "\(half.errors)")
        let asks = certificate.merging(
            ["KMS_SERVER_TLS_KEY": machine.path("none.key"), "KMS_SERVER_TLS_CLIENT_CERTIFICATES": "required"]) { $1 }
        let unknown = try await machine.kms("config", "check", with: asks)
        #expect(unknown.status == 2 && unknown.errors.contains("server.tls-client-ca"), "\(unknown.errors)")
        let absent = certificate.merging(["KMS_SERVER_TLS_KEY": machine.path("none.key")]) { $1 }
        let missing = try await machine.kms("config", "check", with: absent)
        #expect(missing.status == 2 && missing.errors.contains("none.pem"), "\(missing.errors)")
        let flag = try await machine.kms("health", "--ca", machine.path("none.pem"))
        #expect(flag.status == 9 && flag.errors.contains("https"), "\(flag.errors)")
        let alone = try await machine.kms(
            "health", "--url", "https://127.0.0.1:1", "--client-key", machine.path("none.key"))
        #expect(alone.status == 9 && alone.errors.contains("go together"), "\(alone.errors)")
    }
}
