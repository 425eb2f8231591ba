import Crypto
import Encodings
import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let createKey = Operation(
        .createKey, .may("Policy", .text(1...131_072, nil)), .may("Description", .text(0...8192, nil)),
        .may("KeyUsage", .one(AWSNames.keyUsages)), .may("CustomerMasterKeySpec", .one(AWSNames.keySpecs)),
        .may("KeySpec", .one(AWSNames.keySpecs)), .may("Origin", .one(AWSNames.origins)),
        .may("CustomKeyStoreId", .text(1...64, nil)), .may("BypassPolicyLockoutSafetyCheck", .flag),
        .may("Tags", .objects(.tags)), .may("MultiRegion", .flag), .may("XksKeyId", .text(1...128, nil))
    ) { (call) throws(AWSFailure) in
        try await call.createKey()
    }

    static let describeKey = Operation(.describeKey, .key, .tokens) { (call) throws(AWSFailure) in
        try await call.describeKey()
    }

    static let listKeys = Operation(.listKeys, .limit, .marker) { (call) throws(AWSFailure) in
        try await call.listKeys()
    }

    static let enableKey = Operation(.enableKey, .key) { (call) throws(AWSFailure) in
        try await call.setAvailability(.enabled)
    }

    static let disableKey = Operation(.disableKey, .key) { (call) throws(AWSFailure) in
        try await call.setAvailability(.disabled)
    }

    static let scheduleKeyDeletion = Operation(
        .scheduleKeyDeletion, .key, .may("PendingWindowInDays", .integer(1...365))
    ) { (call) throws(AWSFailure) in
        try await call.scheduleKeyDeletion()
    }

    static let cancelKeyDeletion = Operation(.cancelKeyDeletion, .key) { (call) throws(AWSFailure) in
        try await call.cancelKeyDeletion()
    }

    static let updateKeyDescription = Operation(.updateKeyDescription, .key, .must("Description", .text(0...8192, nil)))
    { (call) throws(AWSFailure) in
        try await call.updateKeyDescription()
    }
}

/// CreateKey, DescribeKey, ListKeys, EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion, UpdateKeyDescription.
extension AWSCall {
    func createKey() async throws(AWSFailure) -> ByteBuffer {
        try requireOneRegionAndOwnStore()
        let spec = try keySpec()
        let usage = try keyUsage(for: spec)
        guard let algorithm = KeyAlgorithm(awsKeySpec: spec) else {
            throw .unsupported("KeySpec \(spec) is not supported by this service.")
        }
        let isImported = input.optionalText("Origin") == "EXTERNAL"
        let tags = try Tags.read(input, "Tags")
        var request = CreateKeyRequest(
            name: nil, tags: try Tags.checked(tags), algorithm: algorithm, usage: usage,
            origin: isImported ? .imported : .generated)
        if let text = input.optionalText("Policy") { request.policy = try newPolicy(text) }
        if let text = input.optionalText("Description") { request.description = try description(text) }
        let wanted = request
        let outcome = try await ask { () throws(KMSError) in try await service.createKey(wanted, by: caller) }
        return metadata(of: try changed(outcome))
    }

    private func requireOneRegionAndOwnStore() throws(AWSFailure) {
        if input.flag("MultiRegion") {
            throw .unsupported("Multi-Region keys are not supported: each key is in one region, in one token.")
        }
        try refuse("CustomKeyStoreId", "XksKeyId")
        switch input.optionalText("Origin") {
        case "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE":
            throw .unsupported("Custom key stores are not supported: all keys are in the service's own token.")
        default: return
        }
    }

    private func keySpec() throws(AWSFailure) -> String {
        if input.has("KeySpec"), input.has("CustomerMasterKeySpec") {
            throw .validation(
                "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."
            )
        }
        return input.optionalText("KeySpec") ?? input.optionalText("CustomerMasterKeySpec") ?? "SYMMETRIC_DEFAULT"
    }

    private func keyUsage(for spec: String) throws(AWSFailure) -> KeyUsage {
        guard let name = input.optionalText("KeyUsage") else {
            guard spec == "SYMMETRIC_DEFAULT" else {
                throw .validation(
                    "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
            }
            return .encryptDecrypt
        }
        let usages = KeyAlgorithm(awsKeySpec: spec)?.usages.map(\.awsName) ?? AWSNames.keyUsages
        guard usages.contains(name) else {
            throw .validation("KeyUsage \(name) is not compatible with KeySpec \(spec)")
        }
        return KeyUsage(awsName: name) ?? .encryptDecrypt
    }

    private func description(_ text: String) throws(AWSFailure) -> KeyDescription {
        do throws(KMSError) {
            return try KeyDescription(text, maxLength: KeyDescription.maxLengthOfKey)
        } catch {
            throw .validation(error.message)
        }
    }

    func describeKey() async throws(AWSFailure) -> ByteBuffer {
        metadata(of: try await described(try key()))
    }

    func described(_ reference: KeyReference) async throws(AWSFailure) -> KeyRecord {
        try await ask(about: reference) { () throws(KMSError) in
            try await look(at: reference)
        }
    }

    func listKeys() async throws(AWSFailure) -> ByteBuffer {
        let limit = try pageLimit(standard: 100)
        let page = try await ask { () throws(KMSError) in
            try await service.listKeys(after: marker, limit: limit, by: caller)
        }
        return answer(capacity: 200 * page.items.count + 200) { writer in
            writer.list("Keys", page.items) { writer, key in
                writer.object {
                    $0.field("KeyId", key.id.description)
                    $0.field("KeyArn", place.arn(key.id))
                }
            }
            writer.end(of: page.next)
        }
    }

    func pageLimit(standard: Int) throws(AWSFailure) -> PageLimit {
        let count = input.optionalInteger("Limit") ?? standard
        guard let limit = try? PageLimit(count) else { throw .validation("Limit is 1 to 1000") }
        return limit
    }

    /// The position at which the list continues; nil at its start.
    var marker: ListCursor? { input.optionalText("Marker").map { ListCursor($0) } }

    /// Returns one page of a list that is complete in memory.
    ///
    /// - Parameters:
    ///   - items: the complete list, in order.
    ///   - parts: the texts that, with the operation, identify the list.
    ///   - standard: the page's size if the request gives none.
    func page<Item: Sendable>(
        _ items: [Item], of parts: [String], standard: Int
    ) async throws(AWSFailure) -> Page<Item> {
        let limit = try pageLimit(standard: standard)
        return try await ask { () throws(KMSError) in
            try await service.page(of: items, in: [operation.rawValue] + parts, after: marker, limit: limit, by: caller)
        }
    }

    func setAvailability(_ availability: KeyAvailability) async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        // AWS KMS succeeds if there is nothing to change.
        if key.availability == availability { return Self.empty }
        if key.isPendingImport { throw .invalidState("\(place.arn(key.id)) is pending import.") }
        _ = try await ask(about: reference) { () throws(KMSError) in
            availability == .enabled
                ? try await service.enableKey(reference, by: caller)
                : try await service.disableKey(reference, by: caller)
        }
        return Self.empty
    }

    func scheduleKeyDeletion() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let days = input.optionalInteger("PendingWindowInDays") ?? 30
        guard (7...30).contains(days) else {
            throw .validation(
                "1 validation error detected: Value '\(days)' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value \(days < 7 ? "greater than or equal to 7" : "less than or equal to 30")"
            )
        }
        let outcome = try await ask(about: reference) { () throws(KMSError) in
            try await service.scheduleDeletion(of: reference, in: days, by: caller)
        }
        let key = try changed(outcome)
        return answer {
            $0.field("KeyId", place.arn(key.id))
            if let due = key.deletionDueAt { $0.field("DeletionDate", seconds: due) }
            $0.field("KeyState", key.awsState)
            $0.field("PendingWindowInDays", days)
        }
    }

    func cancelKeyDeletion() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        guard key.availability == .pendingDeletion else {
            throw .invalidState("\(place.arn(key.id)) is not pending deletion.")
        }
        _ = try await ask(about: reference) { () throws(KMSError) in
            try await service.cancelDeletion(of: reference, by: caller)
        }
        return answer { $0.field("KeyId", place.arn(key.id)) }
    }

    func updateKeyDescription() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let update = KeyUpdate(description: try description(input.text("Description")))
        _ = try await ask(about: reference) { () throws(KMSError) in
            try await service.updateKey(reference, update, by: caller)
        }
        return Self.empty
    }

    func changed(_ outcome: ChangeOutcome) throws(AWSFailure) -> KeyRecord {
        switch outcome {
        case .changed(let changed): return changed.key
        case .planned(let changed, _): return changed.key
        case .repeated: throw AWSFailure("KMSInternalException", status: 500, "a change was repeated")
        }
    }

    private func metadata(of key: KeyRecord) -> ByteBuffer {
        answer(capacity: 1536) { writer in
            writer.object("KeyMetadata") { writer in write(key, to: &writer) }
        }
    }

    private func write(_ key: KeyRecord, to writer: inout JSONWriter) {
        let state = key.awsState
        writer.field("AWSAccountId", place.account)
        writer.field("KeyId", key.id.description)
        writer.field("Arn", place.arn(key.id))
        writer.field("CreationDate", seconds: key.createdAt)
        writer.field("Enabled", state == "Enabled")
        writer.field("Description", key.description.text)
        writer.field("KeyUsage", key.usage.awsName)
        writer.field("KeyState", state)
        if let due = key.deletionDueAt { writer.field("DeletionDate", seconds: due) }
        writer.field("Origin", key.origin == .imported ? "EXTERNAL" : "AWS_KMS")
        if key.origin == .imported, !key.isPendingImport {
            if let expiry = key.defaultMaterialExpiresAt { writer.field("ValidTo", seconds: expiry) }
            let model = key.defaultMaterialExpiresAt == nil ? "KEY_MATERIAL_DOES_NOT_EXPIRE" : "KEY_MATERIAL_EXPIRES"
            writer.field("ExpirationModel", model as String)
        }
        writer.field("KeyManager", key.kind == .user ? "CUSTOMER" as String : "AWS")
        writer.field("CustomerMasterKeySpec", key.algorithm.awsKeySpec)
        writer.field("KeySpec", key.algorithm.awsKeySpec)
        writer.algorithms(of: key.algorithm, for: key.usage)
        if let mac = key.algorithm.awsMACAlgorithm { writer.field("MacAlgorithms", [mac]) }
        writer.field("MultiRegion", false)
        if key.algorithm == .aes256GCM96, let active = key.versions.active {
            writer.field("CurrentKeyMaterialId", VersionID(key: key.id, number: active).awsMaterialID)
        }
    }
}

extension JSONWriter {
    /// Writes the algorithms of a key; lists that would be empty are left out.
    mutating func algorithms(of algorithm: KeyAlgorithm, for usage: KeyUsage) {
        let encryption = algorithm.awsEncryptionAlgorithms(for: usage)
        if !encryption.isEmpty { field("EncryptionAlgorithms", encryption) }
        let signing = algorithm.awsSigningAlgorithms(for: usage)
        if !signing.isEmpty { field("SigningAlgorithms", signing) }
        if usage == .keyAgreement { field("KeyAgreementAlgorithms", ["ECDH"]) }
    }

    /// Writes the end of a list: whether it is truncated, and the next marker.
    mutating func end(of next: ListCursor?) {
        if let next { field("NextMarker", next.text) }
        field("Truncated", next != nil)
    }
}

extension KeyRecord {
    var awsState: String {
        switch availability {
        case .pendingDeletion: "PendingDeletion"
        case .disabled where !isPendingImport: "Disabled"
        case .disabled, .enabled:
            switch state {
            case .active: "Enabled"
            case .preActivation: origin == .imported ? "PendingImport" : "Creating"
            case .destroyed: origin == .imported ? "PendingImport" : "Unavailable"
            case .deactivated: "Unavailable"
            }
        }
    }
}

extension VersionID {
    /// The id of a version's key material, 64 hexadecimal digits: the SHA-256 of key and number.
    var awsMaterialID: String {
        Hexadecimal.text(Array(SHA256.hash(data: Array("hsm-kms/key-material/\(key)/\(number)".utf8))))
    }
}
