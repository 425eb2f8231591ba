import Crypto
import SecretMemory
import Testing

@testable import KeyManagement

/// The answer to a caller: the keys that were used, and their results.
struct Answer: Sendable {
    typealias Versions = [VersionID: VersionRecord]

    /// The keys that the answer names.
    let keys: [KeyID]
    /// Returns true if the result was made by the version that the answer names.
    let isTrue: @Sendable (Versions, SpyToken) async throws -> Bool

    init(_ keys: [KeyID], _ isTrue: @escaping @Sendable (Versions, SpyToken) async throws -> Bool = { _, _ in true }) {
        self.keys = keys
        self.isTrue = isTrue
    }

    static func key(_ record: KeyRecord) -> Answer { Answer([record.id]) }

    static func outcome(_ outcome: ChangeOutcome) throws -> Answer { Answer([try outcome.changed.key.id]) }

    /// Returns the answer for ciphertexts of ``Scene/plaintext``, or of another plaintext.
    static func ciphertexts(_ all: [Ciphertext], of plaintext: [UInt8] = Scene.plaintext) -> Answer {
        Answer(all.map(\.version.key)) { versions, token in
            for ciphertext in all {
                guard case .aes(let box) = ciphertext.body else { return false }
                let data = Ciphertext.additionalData(for: ciphertext.version, context: .empty)
                let opened = try await token.decrypt(
                    [Decryption(box, additionalData: data)], with: try key(ciphertext.version, versions))
                guard try opened[0].get().withUnsafeBytes({ Array($0) }) == plaintext else { return false }
            }
            return true
        }
    }

    static func signatures(_ all: [Signed]) -> Answer {
        Answer(all.map(\.version.key)) { versions, _ in
            try all.allSatisfy { signed in
                let der = try #require(versions[signed.version]?.publicKey?.der)
                let key = try P256.Signing.PublicKey(derRepresentation: der)
                let signature = try P256.Signing.ECDSASignature(derRepresentation: signed.signature)
                return key.isValidSignature(signature, for: Scene.plaintext)
            }
        }
    }

    static func codes(_ all: [MAC]) -> Answer {
        Answer(all.map(\.version.key)) { versions, token in
            for mac in all {
                let own = try await token.authenticate([Scene.plaintext], with: try key(mac.version, versions))
                guard own == [mac.code] else { return false }
            }
            return true
        }
    }

    /// Returns the answer for a signature or a MAC of one version, which is right for that version and for no other.
    static func verified(_ all: [Verified], madeBy version: VersionID) -> Answer {
        Answer(all.map(\.version.key)) { _, _ in all.allSatisfy { $0.isValid == ($0.version == version) } }
    }

    static func key(_ id: VersionID, _ versions: Versions) throws -> VersionKey {
        let version = try #require(versions[id])
        return VersionKey(
            id: id, algorithm: version.algorithm, usage: version.usage, wrapped: try #require(version.life.wrapped))
    }
}
