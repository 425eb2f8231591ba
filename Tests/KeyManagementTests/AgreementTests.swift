import Crypto
import KeyManagement
import SecretMemory
import Testing

@Suite
struct AgreementTests {
    let service: Service

    init() async throws { service = try await Service() }

    private func secret(
        _ key: KeyRecord, with other: P256.KeyAgreement.PublicKey, version: VersionNumber? = nil
    ) async throws -> [UInt8] {
        let derived = try await service.kms.deriveSharedSecret(
            with: Array(other.derRepresentation), of: .id(key.id), version: version, by: service.manager)
        return derived.secret.withUnsafeBytes { Array($0) }
    }

    @Test func `the other side makes the same secret; after a rotation the old version still does, by its number`()
        async throws
    {
        let key = try await service.key("agreement", .ecP256, for: .keyAgreement)
        let other = P256.KeyAgreement.PrivateKey()
        let der = try await service.kms.publicKey(of: .id(key.id), by: service.manager).der
        let ours = try P256.KeyAgreement.PublicKey(derRepresentation: der)
        let expected = try other.sharedSecretFromKeyAgreement(with: ours).withUnsafeBytes { Array($0) }
        #expect(try await secret(key, with: other.publicKey) == expected)
        _ = try await service.kms.rotate(.id(key.id), by: service.manager)
        #expect(try await secret(key, with: other.publicKey) != expected)
        #expect(try await secret(key, with: other.publicKey, version: .first) == expected)
    }

    @Test func `a public key that is none, or of another curve, is refused before the token is asked`() async throws {
        let key = try await service.key("agreement", .ecP256, for: .keyAgreement)
        var offCurve = Array(P256.KeyAgreement.PrivateKey().publicKey.derRepresentation)
        offCurve[offCurve.count - 1] ^= 1
        let foreign = Array(P384.KeyAgreement.PrivateKey().publicKey.derRepresentation)
        for der in [[], [1, 2, 3], offCurve, foreign] as [[UInt8]] {
            let error = await refusal {
                try await service.kms.deriveSharedSecret(with: der, of: .id(key.id), by: service.manager)
            }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func `a key is for agreeing or for signing, never for both, and none on secp256k1 agrees`() async throws {
        let agreeing = try await service.key("agreement", .ecP256, for: .keyAgreement)
        let signing = try await service.key("signer", .ecP256)
        let other = Array(P256.KeyAgreement.PrivateKey().publicKey.derRepresentation)
        let (kms, manager) = (service.kms, try service.manager)
        for error in [
            await refusal { try await kms.sign(.message([1]), with: .id(agreeing.id), by: manager) },
            await refusal { try await kms.deriveSharedSecret(with: other, of: .id(signing.id), by: manager) },
        ] { #expect(error?.code == .usageForbids) }
        #expect(!KeyAlgorithm.ecSecp256k1.usages.contains(.keyAgreement))
        _ = try await kms.disableKey(.id(agreeing.id), by: manager)
        let disabled = await refusal {
            try await kms.deriveSharedSecret(with: other, of: .id(agreeing.id), by: manager)
        }
        #expect(disabled?.code == .stateForbids)
    }
}
