package import KeyManagement
internal import PKCS11
package import SecretMemory

extension PKCS11Token {
    package func encrypt(_ call: EncryptCall) async throws(TokenError) -> [SealedBox] {
        let items = call.items
        return try await use(call.key) { (handle, session) throws(PKCS11Error) in
            var boxes: [SealedBox] = []
            boxes.reserveCapacity(items.count)
            for item in items {
                boxes.append(try Self.seal(item.plaintext, item.additionalData, with: handle, in: session))
            }
            return boxes
        }
    }

    package func decrypt(_ call: DecryptCall) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        let items = call.items
        return try await use(call.key) { (handle, session) throws(PKCS11Error) in
            var results: [TokenResult<SecretBytes>] = []
            results.reserveCapacity(items.count)
            for item in items {
                do throws(PKCS11Error) {
                    results.append(.success(try Self.open(item.box, item.additionalData, with: handle, in: session)))
                } catch {
                    guard TokenError(error) == .rejected else { throw error }
                    results.append(.failure(.rejected))
                }
            }
            return results
        }
    }

    package func issueDataKeys(_ call: IssueDataKeysCall) async throws(TokenError) -> [TokenDataKey] {
        let orders = call.orders
        return try await use(call.key) { (handle, session) throws(PKCS11Error) in
            var dataKeys: [TokenDataKey] = []
            dataKeys.reserveCapacity(orders.count)
            for order in orders {
                let plaintext = try Self.random(order.byteCount, in: session)
                let box = try Self.seal(plaintext, order.additionalData, with: handle, in: session)
                dataKeys.append(TokenDataKey(plaintext: plaintext, box: box))
            }
            return dataKeys
        }
    }

    /// Runs calls with the handle of a version key, on a worker's session.
    func use<Result: Sendable>(
        _ key: VersionKey,
        _ body: @escaping @Sendable (ObjectHandle, borrowing Session) throws(PKCS11Error) -> Result
    ) async throws(TokenError) -> Result {
        try await onWorker { (connection) throws(TokenError) in
            try connection.keeper.withHandle(of: key) { (handle) throws(PKCS11Error) in
                try connection.withSession { (session) throws(PKCS11Error) in try body(handle, session) }
            }
        }
    }

    package func random(_ call: RandomCall) async throws(TokenError) -> SecretBytes {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                return try connection.withSession { (session) throws(PKCS11Error) in
                    try Self.random(call.byteCount, in: session)
                }
            } catch {
                throw TokenError(error)
            }
        }
    }

    private static func random(_ byteCount: Int, in session: borrowing Session) throws(PKCS11Error) -> SecretBytes {
        try SecretBytes(capacity: byteCount) { (buffer) throws(PKCS11Error) in
            try session.generateRandom(into: buffer)
            return byteCount
        }
    }

    /// Encrypts with a nonce generated in the token: random, 96 bits (NIST SP 800-38D §8.2.2).
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

    /// Decrypts a box. SoftHSM returns one code for a wrong tag and for a faulty device. A box is therefore rejected only if the
    /// key opens a box that is known to be right, and still does not open this one.
    private static func open(
        _ box: SealedBox, _ additionalData: [UInt8], with key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes {
        do throws(PKCS11Error) {
            return try openOnce(box, additionalData, with: key, in: session)
        } catch {
            guard error.mayBeTheInput else { throw error }
        }
        let right = try seal(SecretBytes(copying: [0]), additionalData, with: key, in: session)
        do throws(PKCS11Error) {
            _ = try openOnce(right, additionalData, with: key, in: session)
        } catch {
            throw error.mayBeTheInput ? .returned(.deviceError, from: .decrypt) : error
        }
        do throws(PKCS11Error) {
            return try openOnce(box, additionalData, with: key, in: session)
        } catch {
            throw error.mayBeTheInput ? .returned(.encryptedDataInvalid, from: .decrypt) : error
        }
    }

    private static func openOnce(
        _ box: SealedBox, _ additionalData: [UInt8], with key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes {
        let mechanism = Mechanism.aesGCM(iv: box.nonce, aad: additionalData, tagBits: 8 * SealedBox.tagLength)
        // Includes room for the tag, because some modules ask for it in a length query.
        let plaintext = try SecretBytes(capacity: box.ciphertextAndTag.count) { (buffer) throws(PKCS11Error) in
            try Swift.Result { () throws(PKCS11Error) in
                try box.ciphertextAndTag.withRawBytes { (input) throws(PKCS11Error) in
                    try session.decrypt(input, with: key, mechanism, into: buffer)
                }
            }.get()
        }
        guard plaintext.count == box.ciphertextAndTag.count - SealedBox.tagLength else {
            throw .malformedAnswer(from: .decrypt, "\(plaintext.count) bytes of plaintext")
        }
        return plaintext
    }
}

extension [UInt8] {
    /// Lends the array's memory to a closure. The standard library's function only rethrows.
    fileprivate func withRawBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let result = withUnsafeBytes { bytes in Swift.Result { () throws(PKCS11Error) in try body(bytes) } }
        return try result.get()
    }
}
