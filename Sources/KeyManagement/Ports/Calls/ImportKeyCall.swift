/// Unwraps imported material inside the token, and wraps it under the current root. Its plaintext exists nowhere else.
///
/// - Throws: ``TokenError/rejected`` if it does not unwrap, or is not a key of the algorithm.
package struct ImportKeyCall: TokenCall {
    package let material: ImportMaterial
    package let job: ImportJob

    package init(_ material: ImportMaterial, under job: ImportJob) {
        self.material = material
        self.job = job
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> NewKey {
        try await token.importKey(self)
    }

    package func check(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.check(key, of: material.algorithm)
    }
}

extension Token {
    /// Performs ``ImportKeyCall``.
    package func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        try await perform(ImportKeyCall(material, under: job))
    }
}
