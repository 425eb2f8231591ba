import LibCrypto

/// A message authentication code, and the version that made it.
package struct MAC: Sendable, Hashable {
    package let code: [UInt8]
    package let version: VersionID
}

/// A message authentication code to verify.
package struct VerifyMACItem: Sendable {
    package let message: [UInt8]
    package let code: [UInt8]

    package init(message: [UInt8], code: [UInt8]) {
        self.message = message
        self.code = code
    }
}

extension KeyService {
    /// Computes the HMAC of a message of at most 64 KiB with the key's active version, in the token.
    package func generateMAC(
        of message: [UInt8], with reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> MAC {
        try await withAudit(.generateMAC, by: caller) { (operation) throws(KMSError) in
            try await generateMAC(of: [message], with: try await operation.find(reference)).only().get()
        }
    }

    /// Computes the HMACs of up to 1,000 messages.
    package func generateMAC(
        ofBatch messages: [[UInt8]], with reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<MAC>] {
        try await withAudit(.generateMAC, by: caller) { (operation) throws(KMSError) in
            try Batch.check(messages.count)
            let key = try await operation.find(reference, count: messages.count)
            return try await generateMAC(of: messages, with: key)
        }
    }

    private func generateMAC(
        of messages: [[UInt8]], with key: AuthorizedKey
    ) async throws(KMSError) -> [ItemResult<MAC>] {
        let version = try key.usableVersion(to: .produce, usage: .generateVerifyMAC)
        let prepared = messages.map { message in
            Result { () throws(KMSError) in
                try SigningInput.checkLength(of: message)
                return (key: version, item: message)
            }
        }
        return await Batch.run(prepared, for: key.operation) { (messages, key) throws(KMSError) in
            let codes = try await key.authenticate(messages)
            meters.note(produced: UInt64(messages.count), of: key.id, at: clock.now)
            return codes.map { .success(MAC(code: $0, version: key.id)) }
        }
    }

    /// Verifies an HMAC: it is recomputed in the token and compared in constant time.
    ///
    /// - Parameters:
    ///   - item: the message and its HMAC.
    ///   - reference: the key, by id, name or alias.
    ///   - number: the version that made it; `nil` for the active one.
    ///   - caller: the caller, with the project of the request.
    package func verifyMAC(
        _ item: VerifyMACItem, with reference: KeyReference, version number: VersionNumber? = nil, by caller: Caller
    ) async throws(KMSError) -> Verified {
        try await withAudit(.verifyMAC, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: VersionChoice(number))
            return try await verifyMAC([item], with: key).only().get()
        }
    }

    /// Verifies up to 1,000 HMACs.
    package func verifyMAC(
        batch items: [VerifyMACItem], with reference: KeyReference, version number: VersionNumber? = nil,
        by caller: Caller
    ) async throws(KMSError) -> [ItemResult<Verified>] {
        try await withAudit(.verifyMAC, by: caller) { (operation) throws(KMSError) in
            try Batch.check(items.count)
            let key = try await operation.find(reference, with: VersionChoice(number), count: items.count)
            return try await verifyMAC(items, with: key)
        }
    }

    private func verifyMAC(
        _ items: [VerifyMACItem], with key: AuthorizedKey
    ) async throws(KMSError) -> [ItemResult<Verified>] {
        let version = try key.usableVersion(to: .consume, usage: .generateVerifyMAC)
        let prepared = items.map { item in
            Result { () throws(KMSError) in
                try SigningInput.checkLength(of: item.message)
                return (key: version, item: item)
            }
        }
        return await Batch.run(prepared, for: key.operation) { (items, key) throws(KMSError) in
            let codes = try await key.authenticate(items.map(\.message))
            meters.note(consumed: UInt64(items.count), of: key.id, at: clock.now)
            return zip(items, codes).map { item, code in
                .success(Verified(isValid: ConstantTime.isEqual(item.code, code), version: key.id))
            }
        }
    }
}
