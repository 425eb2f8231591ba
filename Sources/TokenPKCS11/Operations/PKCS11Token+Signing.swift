package import KeyManagement
internal import LibCrypto
internal import PKCS11
package import SecretMemory

extension PKCS11Token {
    package func sign(_ call: SignCall) async throws(TokenError) -> [[UInt8]] {
        let (inputs, algorithm, key) = (call.inputs, call.algorithm, call.key)
        guard SignatureAlgorithm.allowed(for: key.algorithm).contains(algorithm), key.usage == .signVerify else {
            throw .unsupported("\(key.algorithm.rawValue) does not sign by \(algorithm.rawValue)")
        }
        return try await use(key) { (handle, session) throws(PKCS11Error) in
            var signatures: [[UInt8]] = []
            for input in inputs {
                signatures.append(
                    try KeyUse.sign(input, by: algorithm, with: handle, of: key.algorithm, in: session))
            }
            return signatures
        }
    }

    package func authenticate(_ call: AuthenticateCall) async throws(TokenError) -> [[UInt8]] {
        let (messages, key) = (call.messages, call.key)
        guard case .hmac(let hash) = key.algorithm.family else {
            throw .unsupported("\(key.algorithm.rawValue) makes no HMAC")
        }
        return try await use(key) { (handle, session) throws(PKCS11Error) in
            var codes: [[UInt8]] = []
            for message in messages {
                codes.append(try KeyUse.authenticate(message, with: handle, hash, in: session))
            }
            return codes
        }
    }

    package func agree(_ call: AgreeCall) async throws(TokenError) -> SecretBytes {
        let (publicKey, key) = (call.publicKey, call.key)
        guard key.usage == .keyAgreement, agreementAlgorithms.contains(key.algorithm) else {
            throw .unsupported("\(key.algorithm.rawValue) agrees on no secret")
        }
        let parsed: Result<PublicKey, LibCryptoError>
        do throws(KMSError) {
            parsed = try await ComputeThreads.shared.publicKey(der: publicKey.der)
        } catch {
            throw .busy("the public key could not be read: \(error.logDetail)")
        }
        guard let other = try? parsed.get(), case .ec(let curve) = key.algorithm.family,
            other.kind == .ec(curve.libCrypto)
        else { throw .rejected }
        return try await use(key) { (handle, session) throws(PKCS11Error) in
            try KeyUse.agree(with: other, by: handle, of: key.algorithm, in: session)
        }
    }

    package func decryptAsymmetric(_ call: DecryptAsymmetricCall) async throws(TokenError) -> [TokenResult<SecretBytes>]
    {
        let (ciphertexts, algorithm, key) = (call.ciphertexts, call.algorithm, call.key)
        guard case .rsa(let bits) = key.algorithm.family, key.usage == .encryptDecrypt else {
            throw .unsupported("\(key.algorithm.rawValue) does not decrypt by \(algorithm.rawValue)")
        }
        return try await use(key) { (handle, session) throws(PKCS11Error) in
            var results: [TokenResult<SecretBytes>] = []
            for ciphertext in ciphertexts {
                let plaintext = try KeyUse.decrypt(
                    ciphertext, by: algorithm, with: handle, modulusBits: bits, in: session)
                results.append(plaintext.map { .success($0) } ?? .failure(.rejected))
            }
            return results
        }
    }
}
