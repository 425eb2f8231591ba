internal import CLibCrypto

extension PublicKey {
    /// Returns the most bytes that ``encryptOAEP(_:hash:)`` accepts (RFC 8017 §7.1.1 step 1b); 0 if this is not an RSA key.
    package func maxOAEPPlaintextLength(hash: HashFunction) -> Int {
        guard case .rsa(let modulus, _) = components else { return 0 }
        return modulus.count - 2 * hash.byteCount - 2
    }

    /// Encrypts by RSAES-OAEP (RFC 8017 §7.1.1), with MGF1 of the same hash and an empty label.
    ///
    /// - Throws: ``LibCryptoError/unfit(_:)`` if this is not an RSA key or the plaintext is too long.
    package func encryptOAEP(
        _ plaintext: UnsafeRawBufferPointer, hash: HashFunction
    ) throws(LibCryptoError) -> [UInt8] {
        guard case .rsa(let modulus, _) = components else { throw .unfit("only RSA keys encrypt") }
        guard plaintext.count <= maxOAEPPlaintextLength(hash: hash) else {
            throw .unfit(
                "the plaintext has \(plaintext.count) bytes, at most \(maxOAEPPlaintextLength(hash: hash)) fit")
        }
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new(pkey, nil) else { throw .failed("no context") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_encrypt_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_oaep_md(context, hash.evp) == 1,
            EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash.evp) == 1
        else { throw .failed("OAEP cannot be set up") }
        // An empty buffer has no address, but the library requires one.
        var nothing: UInt8 = 0
        let output = withUnsafePointer(to: &nothing) { nothing in
            [UInt8](unsafeUninitializedCapacity: modulus.count) { buffer, count in
                var length = modulus.count
                let start = plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nothing
                let isDone = EVP_PKEY_encrypt(context, buffer.baseAddress, &length, start, plaintext.count)
                count = isDone == 1 ? length : 0
            }
        }
        guard output.count == modulus.count else { throw .failed("RSA does not encrypt") }
        return output
    }
}
