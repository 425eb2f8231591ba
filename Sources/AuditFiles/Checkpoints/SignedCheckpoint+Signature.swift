internal import Crypto
internal import KeyManagement
internal import LibCrypto

extension SignedCheckpoint {
    /// Returns true if the checkpoint names this key as its signer.
    func isMade(by key: PublicKey) -> Bool { checkpoint.key == key.fingerprint }

    /// Returns true if the signature is this key's, over these fields.
    func isGenuine(under key: PublicKey) -> Bool {
        guard let raw = ECDSASignature.raw(fromDER: signature, coordinateByteCount: 32), LowS.isLow(raw) else {
            return false
        }
        return key.verify(signature, over: checkpoint.digest, scheme: .ecdsa(.sha256))
    }
}

extension Checkpoint {
    /// The SHA-256 of the signed bytes.
    var digest: [UInt8] { Array(SHA256.hash(data: signedBytes)) }

    /// Has the token sign the checkpoint.
    ///
    /// - Throws: ``/KeyManagement/TokenError/failed(_:)`` if the result is not a signature of the token's key, because it could not be verified later.
    func signed(by signer: any CheckpointSigner, key: PublicKey) async throws(TokenError) -> SignedCheckpoint {
        let raw = try await signer.sign(digest)
        guard let low = LowS.normalized(raw), let signature = ECDSASignature.der(fromRaw: low) else {
            throw .failed("the token's signature has \(raw.count) bytes, not 64")
        }
        let signed = SignedCheckpoint(checkpoint: self, signature: signature)
        let isGenuine: Bool
        do throws(KMSError) {
            isGenuine = try await ComputeThreads.shared.run { signed.isGenuine(under: key) }
        } catch {
            throw .busy("the token's signature could not be verified: \(error.logDetail)")
        }
        guard isGenuine else { throw .failed("the token's signature does not verify") }
        return signed
    }
}

extension PublicKey {
    /// The SHA-256 of the DER of the SubjectPublicKeyInfo: `openssl pkey -pubin -outform DER | sha256sum`.
    var fingerprint: [UInt8] { Array(SHA256.hash(data: der)) }
}
