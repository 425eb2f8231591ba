/// Material for one more version of a key, with the key and the purpose that the token made or took it for.
///
/// Only this file can make one, and only from what the token answers. So no caller can say of a blob what it is not.
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

extension KeyService {
    /// Generates material in the token.
    ///
    /// - Parameter key: the key that it is for, which need not exist yet.
    func generateMaterial(
        _ algorithm: KeyAlgorithm, for usage: KeyUsage, of key: KeyID
    ) async throws(KMSError) -> NewMaterial {
        let made = try await atToken { () throws(TokenError) in try await token.generateKey(algorithm, for: usage) }
        return NewMaterial(made, for: key, algorithm, usage, .generated)
    }

    /// Takes material that its owner brings into the token.
    ///
    /// - Throws: ``KMSError/materialRejected`` for everything that is wrong with the wrapping.
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
