public import KeyManagement
internal import PKCS11

extension PKCS11Token {
    public func generateWrappedKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> WrappedKey {
        guard algorithms.contains(algorithm) else {
            throw .unsupported("this token has not proved \(algorithm.rawValue)")
        }
        let (root, wrapping) = (roots.current, wrapping)
        let blob = try await onWorker { (_, worker) throws(TokenError) in
            do throws(PKCS11Error) {
                return try worker.withSession { (session) throws(PKCS11Error) in
                    try Self.generateAndWrap(algorithm, under: root, by: wrapping.mechanism, in: session)
                }
            } catch {
                throw TokenError(error)
            }
        }
        return WrappedKey(mechanism: wrapping.standard, epoch: root.epoch, blob: blob)
    }

    public func encrypt(
        _ plaintext: SecretBytes, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SealedBox {
        try await onWorker { (keeper, worker) throws(TokenError) in
            try keeper.withHandle(of: key) { (handle) throws(PKCS11Error) in
                try worker.withSession { (session) throws(PKCS11Error) in
                    try Self.seal(plaintext, additionalData, with: handle, in: session)
                }
            }
        }
    }

    public func decrypt(
        _ box: SealedBox, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> SecretBytes {
        try await onWorker { (keeper, worker) throws(TokenError) in
            try keeper.withHandle(of: key) { (handle) throws(PKCS11Error) in
                try worker.withSession { (session) throws(PKCS11Error) in
                    try Self.open(box, additionalData, with: handle, in: session)
                }
            }
        }
    }

    public func issueDataKey(
        byteCount: Int, additionalData: [UInt8], with key: VersionKey
    ) async throws(TokenError) -> (plaintext: SecretBytes, box: SealedBox) {
        try await onWorker { (keeper, worker) throws(TokenError) in
            try keeper.withHandle(of: key) { (handle) throws(PKCS11Error) in
                try worker.withSession { (session) throws(PKCS11Error) in
                    let plaintext = try Self.random(byteCount, in: session)
                    return (plaintext, try Self.seal(plaintext, additionalData, with: handle, in: session))
                }
            }
        }
    }

    public func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await onWorker { (_, worker) throws(TokenError) in
            do throws(PKCS11Error) {
                return try worker.withSession { (session) throws(PKCS11Error) in
                    try Self.random(byteCount, in: session)
                }
            } catch {
                throw TokenError(error)
            }
        }
    }

    /// The newborn key exists between these calls only, sensitive all the while.
    private static func generateAndWrap(
        _ algorithm: KeyAlgorithm, under root: RootKeys, by mechanism: Mechanism, in session: borrowing Session
    ) throws(PKCS11Error) -> [UInt8] {
        let newborn: ObjectHandle
        switch algorithm {
        case .aes256GCM96: newborn = try session.generateKey(.aesKeyGen, KeyTemplates.newbornAES256)
        }
        do throws(PKCS11Error) {
            let blob = try session.wrapKey(newborn, with: root.wrapping, mechanism)
            try session.destroyObject(newborn)
            return blob
        } catch {
            // Second attempt at clearing away; what is left goes with the session.
            try? session.destroyObject(newborn)
            throw error
        }
    }

    private static func random(_ byteCount: Int, in session: borrowing Session) throws(PKCS11Error) -> SecretBytes {
        try SecretBytes(capacity: byteCount) { (buffer) throws(PKCS11Error) in
            try session.generateRandom(into: buffer)
            return byteCount
        }
    }

    /// The nonce is drawn in the token: random, 96 bits (NIST SP 800-38D §8.2.2).
    private static func seal(
        _ plaintext: SecretBytes, _ additionalData: [UInt8], with key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> SealedBox {
        let nonce = try session.generateRandom(count: SealedBox.nonceLength)
        let mechanism = Mechanism.aesGCM(iv: nonce, aad: additionalData, tagBits: 8 * SealedBox.tagLength)
        let box = try plaintext.withUnsafeBytes { (plaintext) throws(PKCS11Error) in
            let room = plaintext.count + SealedBox.tagLength
            return try [UInt8](unsafeUninitializedCapacity: room) { (buffer, count) throws(PKCS11Error) in
                // The array's own memory, valid in this closure.
                count = try session.encrypt(
                    plaintext, with: key, mechanism, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        guard box.count == plaintext.count + SealedBox.tagLength else {
            throw .malformedAnswer(from: .encrypt, "\(box.count) bytes for \(plaintext.count) of plaintext")
        }
        return SealedBox(nonce: nonce, ciphertextAndTag: box)
    }

    private static func open(
        _ box: SealedBox, _ additionalData: [UInt8], with key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes {
        let mechanism = Mechanism.aesGCM(iv: box.nonce, aad: additionalData, tagBits: 8 * SealedBox.tagLength)
        do throws(PKCS11Error) {
            // Room for the tag as well, because a length query of some modules asks for it.
            return try SecretBytes(capacity: box.ciphertextAndTag.count) { (buffer) throws(PKCS11Error) in
                try Swift.Result { () throws(PKCS11Error) in
                    try box.ciphertextAndTag.withRawBytes { (input) throws(PKCS11Error) in
                        try session.decrypt(input, with: key, mechanism, into: buffer)
                    }
                }.get()
            }
        } catch {
            // SoftHSM's code for a wrong tag, and any module's for a device that is sick. The key itself tells which: if it
            // encrypts, it was the box.
            guard
                error == .returned(.generalError, from: .decrypt) || error == .returned(.functionFailed, from: .decrypt)
            else { throw error }
            _ = try seal(SecretBytes(copying: [0]), additionalData, with: key, in: session)
            throw .returned(.encryptedDataInvalid, from: .decrypt)
        }
    }
}

extension [UInt8] {
    /// The array's own memory, valid in the closure. The standard library's way only rethrows.
    fileprivate func withRawBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let result = withUnsafeBytes { bytes in Swift.Result { () throws(PKCS11Error) in try body(bytes) } }
        return try result.get()
    }
}
