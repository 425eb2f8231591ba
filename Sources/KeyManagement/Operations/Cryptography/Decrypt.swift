package import SecretMemory

/// A decrypted plaintext, and the version that decrypted it.
package struct Decrypted: Sendable {
    package let plaintext: SecretBytes
    package let version: VersionID
}

/// A ciphertext to decrypt, and the context that it is bound to.
package struct DecryptItem: Sendable {
    /// The ciphertext; `nil` for input that is not a ciphertext of this service. It fails like any other that is not authentic.
    package let ciphertext: Ciphertext?
    package let context: EncryptionContext

    package init(ciphertext: Ciphertext?, context: EncryptionContext = .empty) {
        self.ciphertext = ciphertext
        self.context = context
    }
}

/// A bare RSA ciphertext, made with the public key outside the service. It names neither key nor version.
package struct BareCiphertext: Sendable {
    package let bytes: [UInt8]
    package let padding: AsymmetricEncryption
    /// The version; `nil` for the active one.
    package let version: VersionNumber?

    package init(bytes: [UInt8], padding: AsymmetricEncryption, version: VersionNumber? = nil) {
        self.bytes = bytes
        self.padding = padding
        self.version = version
    }
}

extension KeyService {
    /// Decrypts in the token. The ciphertext names its key and version.
    ///
    /// - Parameters:
    ///   - ciphertext: `nil` for input that is not a ciphertext of this service; it fails like any other that is not authentic.
    ///   - reference: the key that must have made it; `nil` if any key of the caller's project may have made it.
    ///   - context: the encryption context that the ciphertext is bound to.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/decryptionFailed`` for any defect of the ciphertext or the context.
    package func decrypt(
        _ ciphertext: Ciphertext?, under reference: KeyReference? = nil, context: EncryptionContext = .empty,
        by caller: Caller
    ) async throws(KMSError) -> Decrypted {
        try await withAudit(.decrypt, by: caller, context: context) { (operation) throws(KMSError) in
            let expected = try await operation.findExpected(reference)
            return try await open(
                DecryptItem(ciphertext: ciphertext, context: context), under: expected, for: operation)
        }
    }

    /// Decrypts a ciphertext that was made with the public key of an RSA key.
    ///
    /// - Throws: ``KMSError/decryptionFailed`` for any defect of the ciphertext.
    package func decrypt(
        _ ciphertext: BareCiphertext, under reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> Decrypted {
        try await withAudit(.decrypt, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: VersionChoice(ciphertext.version))
            let version = try key.usableVersion(to: .consume, usage: .encryptDecrypt)
            guard case .rsa = version.algorithm.family else {
                throw .usageForbids("a bare ciphertext is for RSA keys; this one is of \(version.algorithm.rawValue)")
            }
            return try await open([.rsa(ciphertext.padding, ciphertext.bytes)], with: version).only().get()
        }
    }

    /// Decrypts up to 1,000 ciphertexts, of any keys of the project.
    ///
    /// - Parameters:
    ///   - items: the ciphertexts with their contexts.
    ///   - reference: the key that must have made all of them; `nil` if any may.
    ///   - caller: the caller, with the project of the request.
    package func decrypt(
        batch items: [DecryptItem], under reference: KeyReference? = nil, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<Decrypted>] {
        try await withAudit(.decrypt, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note(items.lazy.map(\.context))
            try Batch.check(items.count)
            return try await open(items, under: try await operation.findExpected(reference), for: operation)
        }
    }

    /// Decrypts several ciphertexts, after authorisation.
    func open(
        _ items: [DecryptItem], under expected: AuthorizedKey?, for operation: OperationContext
    ) async throws(KMSError) -> [ItemResult<Decrypted>] {
        try Batch.check(items.count)
        let versions = await versions(of: items, expected: expected?.id, for: operation)
        let prepared = items.map { item -> ItemResult<(key: UsableVersion, item: Sealing)> in
            guard let ciphertext = item.ciphertext, let version = versions[ciphertext.version] else {
                return .failure(.decryptionFailed)
            }
            return version.flatMap { version in
                Self.sealing(of: ciphertext, bound: item.context, to: version).map { (version, $0) }
            }
        }
        return await Batch.run(prepared, naming: items.map { $0.ciphertext?.version }, for: operation) {
            (items, key) throws(KMSError) in
            try await open(items, with: key)
        }
    }

    /// Decrypts one ciphertext, after authorisation.
    func open(
        _ item: DecryptItem, under expected: AuthorizedKey?, for operation: OperationContext
    ) async throws(KMSError) -> Decrypted {
        let (version, sealing) = try await prepare(item, expected: expected?.id, for: operation)
        return try await open([sealing], with: version).only().get()
    }

    /// The input of the token's decryption.
    enum Sealing: Sendable {
        case aes(Decryption)
        case rsa(AsymmetricEncryption, [UInt8])
    }

    private func prepare(
        _ item: DecryptItem, expected: KeyID?, for operation: OperationContext
    ) async throws(KMSError) -> (key: UsableVersion, item: Sealing) {
        guard let ciphertext = item.ciphertext, expected == nil || ciphertext.version.key == expected else {
            throw .decryptionFailed
        }
        let version = try await operation.versionToDecrypt(ciphertext.version)
        return (version, try Self.sealing(of: ciphertext, bound: item.context, to: version).get())
    }

    /// Returns the versions that made the ciphertexts of a batch. Each is authorised once, for all of its items.
    private func versions(
        of items: [DecryptItem], expected: KeyID?, for operation: OperationContext
    ) async -> [VersionID: ItemResult<UsableVersion>] {
        var counts: [VersionID: Int] = [:]
        var order: [VersionID] = []
        for case let ciphertext? in items.lazy.map(\.ciphertext)
        where expected == nil || ciphertext.version.key == expected {
            if counts[ciphertext.version] == nil { order.append(ciphertext.version) }
            counts[ciphertext.version, default: 0] += 1
        }
        var versions: [VersionID: ItemResult<UsableVersion>] = [:]
        for id in order {
            versions[id] = await result { () throws(KMSError) in
                try await operation.versionToDecrypt(id, count: counts[id, default: 1])
            }
        }
        return versions
    }

    private static func sealing(
        of ciphertext: Ciphertext, bound context: EncryptionContext, to version: UsableVersion
    ) -> ItemResult<Sealing> {
        switch (ciphertext.body, version.algorithm.family) {
        case (.aes(let box), .aes):
            let data = Ciphertext.additionalData(for: version.id, context: context)
            return .success(.aes(Decryption(box, additionalData: data)))
        case (.rsa(let padding, let bytes), .rsa) where context.isEmpty: return .success(.rsa(padding, bytes))
        default: return .failure(.decryptionFailed)
        }
    }

    /// Makes one visit to the token for each kind of ciphertext. All items are of one version, and so of one kind.
    private func open(_ items: [Sealing], with version: UsableVersion) async throws(KMSError) -> [ItemResult<Decrypted>]
    {
        meters.note(consumed: UInt64(items.count), of: version.id, at: clock.now)
        var boxes: [Decryption] = []
        var ciphertexts: [AsymmetricEncryption: [[UInt8]]] = [:]
        for item in items {
            switch item {
            case .aes(let box): boxes.append(box)
            case .rsa(let padding, let bytes): ciphertexts[padding, default: []].append(bytes)
            }
        }
        if ciphertexts.isEmpty {
            let answers = try await version.decrypt(boxes)
            return answers.map { $0.atService.map { Decrypted(plaintext: $0, version: version.id) } }
        }
        var opened: [AsymmetricEncryption: [TokenResult<SecretBytes>]] = [:]
        for (padding, bytes) in ciphertexts {
            opened[padding] = try await version.decrypt(bytes, by: padding).reversed()
        }
        return items.map { item in
            guard case .rsa(let padding, _) = item, let answer = opened[padding]?.popLast() else {
                return .failure(.internalFailure("an item of a batch has no answer"))
            }
            return answer.atService.map { Decrypted(plaintext: $0, version: version.id) }
        }
    }
}
