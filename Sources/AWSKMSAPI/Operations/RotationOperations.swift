import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let enableKeyRotation = Operation(
        .enableKeyRotation, .key, .may("RotationPeriodInDays", .integer(90...2560))
    ) { (call) throws(AWSFailure) in
        try await call.enableKeyRotation()
    }

    static let disableKeyRotation = Operation(.disableKeyRotation, .key) { (call) throws(AWSFailure) in
        try await call.disableKeyRotation()
    }

    static let getKeyRotationStatus = Operation(.getKeyRotationStatus, .key) { (call) throws(AWSFailure) in
        try await call.getKeyRotationStatus()
    }

    static let rotateKeyOnDemand = Operation(.rotateKeyOnDemand, .key) { (call) throws(AWSFailure) in
        try await call.rotateKeyOnDemand()
    }

    static let listKeyRotations = Operation(
        .listKeyRotations, .key, .may("IncludeKeyMaterial", .one(AWSNames.includedMaterial)), .limit, .marker
    ) { (call) throws(AWSFailure) in
        try await call.listKeyRotations()
    }
}

/// EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand, ListKeyRotations.
/// As in AWS KMS, only symmetric keys with generated material are rotated here. The native API rotates keys of any algorithm.
/// AWS KMS rotates symmetric keys of its own material only, and so does this door; the native API rotates any key.
extension AWSCall {
    /// The most on-demand rotations of a key, as in AWS KMS.
    private static let maxRotationsOnDemand = 25

    func enableKeyRotation() async throws(AWSFailure) -> ByteBuffer {
        let key = try await rotated()
        let days = input.optionalInteger("RotationPeriodInDays") ?? key.rotation?.period.days ?? 365
        guard let period = try? RotationPeriod(days: days) else {
            throw .validation("RotationPeriodInDays is 90 to 2560")
        }
        _ = try await ask(about: .id(key.id)) { () throws(KMSError) in
            try await service.updateKey(.id(key.id), KeyUpdate(rotation: .every(period)), by: caller)
        }
        return Self.empty
    }

    func disableKeyRotation() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        try requireOwnMaterial(key)
        try requireUsable(key)
        guard key.rotation != nil else { return Self.empty }
        _ = try await ask(about: reference) { () throws(KMSError) in
            try await service.updateKey(reference, KeyUpdate(rotation: .off), by: caller)
        }
        return Self.empty
    }

    func getKeyRotationStatus() async throws(AWSFailure) -> ByteBuffer {
        let key = try await described(try keyWithoutAlias())
        try requireOwnMaterial(key)
        let rotation = key.availability == .pendingDeletion ? nil : key.rotation
        return answer {
            $0.field("KeyRotationEnabled", rotation != nil)
            $0.field("KeyId", place.arn(key.id))
            if let rotation {
                $0.field("RotationPeriodInDays", rotation.period.days)
                $0.field("NextRotationDate", seconds: rotation.dueAt)
            }
        }
    }

    func rotateKeyOnDemand() async throws(AWSFailure) -> ByteBuffer {
        let key = try await rotated()
        if key.versions.count > Self.maxRotationsOnDemand {
            let versions = try await versions(of: key)
            guard versions.count(where: { $0.cause == .request }) < Self.maxRotationsOnDemand else {
                throw AWSFailure(
                    "LimitExceededException",
                    "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations "
                        + "can be performed for this key: \(place.arn(key.id))")
            }
        }
        _ = try await ask(about: .id(key.id)) { () throws(KMSError) in
            try await service.rotateKey(.id(key.id), by: caller)
        }
        return answer { $0.field("KeyId", place.arn(key.id)) }
    }

    func listKeyRotations() async throws(AWSFailure) -> ByteBuffer {
        let key = try await described(try keyWithoutAlias())
        guard key.algorithm == .aes256GCM96 else { throw .unsupported() }
        let isAll = input.optionalText("IncludeKeyMaterial") == "ALL_KEY_MATERIAL"
        let versions = try await versions(of: key).filter { isAll || $0.id.number != .first }
        let page = try await page(versions, of: ["\(key.id)", "\(isAll)"], standard: 100)
        return answer(capacity: 360 * page.items.count + 200) { writer in
            writer.list("Rotations", page.items) { writer, version in
                writer.object { write(version, to: &$0) }
            }
            writer.end(of: page.next)
        }
    }

    private func write(_ version: VersionRecord, to writer: inout JSONWriter) {
        writer.field("KeyId", place.arn(version.id.key))
        writer.field("KeyMaterialId", version.id.awsMaterialID)
        writer.field("KeyMaterialState", version.state == .active ? "CURRENT" as String : "NON_CURRENT")
        if version.origin == .imported {
            writer.field("ImportState", version.life.wrapped == nil ? "PENDING_IMPORT" as String : "IMPORTED")
        }
        guard version.id.number != .first else { return }
        writer.field("RotationDate", seconds: version.createdAt)
        let isBySchedule = version.cause == .schedule || version.cause == .usageLimit
        writer.field("RotationType", isBySchedule ? "AUTOMATIC" as String : "ON_DEMAND")
    }

    /// Returns all versions of a key, newest first, at most 10,000.
    private func versions(of key: KeyRecord) async throws(AWSFailure) -> [VersionRecord] {
        var versions: [VersionRecord] = []
        var cursor: ListCursor?
        repeat {
            let before = cursor
            let page = try await ask(about: .id(key.id)) { () throws(KMSError) in
                try await service.listVersions(of: .id(key.id), after: before, for: action, by: caller)
            }
            versions += page.items
            cursor = page.next
        } while cursor != nil && versions.count < 10_000
        return versions
    }

    /// Returns the key of the request if AWS KMS could rotate it.
    private func rotated() async throws(AWSFailure) -> KeyRecord {
        let key = try await described(try keyWithoutAlias())
        if key.origin == .imported, operation == .enableKeyRotation { try requireOwnMaterial(key) }
        try requireUsable(key)
        guard key.algorithm == .aes256GCM96 else { throw .unsupported() }
        if key.origin == .imported {
            throw .invalidState("No available key material pending rotation for the key: \(place.arn(key.id)).")
        }
        return key
    }

    /// Refuses imported material.
    ///
    /// - Throws: `UnsupportedOperationException` for imported material.
    func requireOwnMaterial(_ key: KeyRecord) throws(AWSFailure) {
        guard key.origin == .imported else { return }
        throw .unsupported("\(place.arn(key.id)) origin is EXTERNAL which is not valid for this operation.")
    }

    /// Checks that a key can be used.
    ///
    /// - Throws: `DisabledException`, `KMSInvalidStateException`
    private func requireUsable(_ key: KeyRecord) throws(AWSFailure) {
        switch key.awsState {
        case "Disabled": throw AWSFailure("DisabledException", "\(place.arn(key.id)) is disabled.")
        case "PendingDeletion": throw .invalidState("\(place.arn(key.id)) is pending deletion.")
        case "PendingImport": throw .invalidState("\(place.arn(key.id)) is pending import.")
        default: return
        }
    }
}
