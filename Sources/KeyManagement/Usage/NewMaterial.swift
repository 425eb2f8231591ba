/// Material for a new version of a key, with the key and the purpose for which the token generated or imported it.
///
/// Only this file can make one, and only from an answer of the token. So no caller can misstate what a blob is. A dry run gets
/// a placeholder, which cannot be stored.
struct NewMaterial: Sendable {
    let key: KeyID
    let algorithm: KeyAlgorithm
    let usage: KeyUsage
    let origin: KeyOrigin
    let made: NewKey

    fileprivate init(_ made: NewKey, for key: KeyID, _ algorithm: KeyAlgorithm, _ usage: KeyUsage, _ origin: KeyOrigin)
    {
        self.key = key
        self.algorithm = algorithm
        self.usage = usage
        self.origin = origin
        self.made = made
    }
}

extension OperationContext {
    /// Generates material in the token. A dry run generates none, and gets a placeholder without a blob or a public key.
    ///
    /// - Parameters:
    ///   - algorithm: the algorithm of the material.
    ///   - usage: the usage of the key.
    ///   - key: the key that it is for, which may not exist yet.
    func generateMaterial(
        _ algorithm: KeyAlgorithm, for usage: KeyUsage, of key: KeyID
    ) async throws(KMSError) -> NewMaterial {
        guard !isDryRun else {
            try service.requireSupport(of: algorithm, for: usage)
            return NewMaterial(.placeholder, for: key, algorithm, usage, .generated)
        }
        let made = try await atToken { () throws(TokenError) in try await token.generateKey(algorithm, for: usage) }
        return NewMaterial(made, for: key, algorithm, usage, .generated)
    }

    /// Imports material into the token.
    ///
    /// - Throws: ``KMSError/materialRejected`` for any defect of the wrapping.
    func importedMaterial(
        _ material: ImportMaterial, under job: ImportJob, of key: KeyID
    ) async throws(KMSError) -> NewMaterial {
        let made: NewKey
        do throws(TokenError) {
            made = try await token.importKey(material, under: job)
        } catch {
            throw error == .rejected ? .materialRejected : KMSError(error)
        }
        return NewMaterial(made, for: key, material.algorithm, material.usage, .imported)
    }
}

extension NewKey {
    /// The material of a version that a dry run makes. Nothing that an operation stores contains it, because a dry run commits
    /// nothing (``OperationContext/isDryRun``).
    fileprivate static let placeholder = NewKey(
        wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: []), publicKey: nil)
}
