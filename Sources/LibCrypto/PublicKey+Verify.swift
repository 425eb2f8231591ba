internal import CLibCrypto

extension PublicKey {
    /// Returns true if a signature over a message is valid. A scheme that does not fit the key makes it invalid.
    package func verify(_ signature: [UInt8], ofMessage message: [UInt8], scheme: SignatureScheme) -> Bool {
        guard fits(scheme) else { return false }
        guard let hash = scheme.hash else { return verifyWhole(signature, message) }
        return verify(signature, over: hash.digest(of: message), scheme: scheme)
    }

    /// Returns true if a signature over a digest is valid. Ed25519 signs no digests.
    package func verify(_ signature: [UInt8], over digest: [UInt8], scheme: SignatureScheme) -> Bool {
        guard fits(scheme), let hash = scheme.hash, digest.count == hash.byteCount, isStrict(signature, scheme) else {
            return false
        }
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new(pkey, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_verify_init(context) == 1, configure(context, for: scheme, hash) else { return false }
        return EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    private func configure(_ context: OpaquePointer, for scheme: SignatureScheme, _ hash: HashFunction) -> Bool {
        switch scheme {
        case .rsaPKCS1:
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, hash.evp) == 1
        case .rsaPSS:
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, hash.evp) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash.evp) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(hash.byteCount)) == 1
        case .ecdsa: EVP_PKEY_CTX_set_signature_md(context, hash.evp) == 1
        case .ed25519: false
        }
    }

    /// Returns true if the encoding is strict. libcrypto accepts some encodings of an ECDSA signature that are not DER; here each signature
    /// has only one.
    private func isStrict(_ signature: [UInt8], _ scheme: SignatureScheme) -> Bool {
        guard case .ecdsa = scheme, case .ec(let curve) = kind else { return true }
        return ECDSASignature.raw(fromDER: signature, coordinateByteCount: curve.coordinateByteCount) != nil
    }

    private func verifyWhole(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, pkey) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private func fits(_ scheme: SignatureScheme) -> Bool {
        switch (scheme, kind) {
        case (.rsaPKCS1, .rsa), (.rsaPSS, .rsa), (.ecdsa, .ec), (.ed25519, .ed25519): true
        default: false
        }
    }
}
