import KeyManagement

/// A token that pretends to import: the material is its own check value, and only 16 bytes unwrap.
struct ImportingToken: Token {
    let token: any Token

    var identity: TokenIdentity { token.identity }
    var auditKey: PublicKeyInfo? { token.auditKey }
    var algorithms: Set<KeyAlgorithm> { token.algorithms.union([.rsa4096]) }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var importMethods: Set<ImportMethod> { [.oaepSHA1AESKWP] }

    func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        var checkValue: CheckValue?
        var publicKey: PublicKeyInfo?
        switch call {
        case let call as ImportKeyCall:
            checkValue = CheckValue(bytes: call.material.wrapped)
            guard checkValue != nil else { throw .rejected }
        // A public key of the right length. Nothing is encrypted under it.
        case is GenerateImportKeyCall: publicKey = PublicKeyInfo(der: [UInt8](repeating: 7, count: 550))
        default: return try await token.perform(call)
        }
        let wrapped = try await token.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped
        let made = NewKey(wrapped: wrapped, publicKey: publicKey, checkValue: checkValue)
        guard let answer = made as? Call.Answer else { throw .failed("another answer") }
        return answer
    }
}
