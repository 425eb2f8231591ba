import GRDB
import KeyManagement

/// The row of a version in the table `version`, which stores of before "2026-09 documents" have.
enum VersionRow {
    static let columns = """
        key_id, number, project_id, algorithm, origin, state, state_counter, wrap_mechanism, wrap_epoch, wrapped_key,
        destroy_due_at, blob_digest, created_at, changed_at, seal_epoch, seal, usage, public_key, check_value, reason, comment,
        cause, material_expires_at
        """

    static func record(_ row: Row) throws(StoreError) -> Sealed<VersionRecord> {
        let id = try id(row)
        let reader = RowReader(row, record: id.description)
        let record = VersionRecord(
            id: id,
            project: try reader.project("project_id"),
            algorithm: try reader.member("algorithm"),
            usage: try reader.member("usage"),
            origin: try reader.member("origin"),
            createdAt: try reader.time("created_at"),
            changedAt: try reader.time("changed_at"),
            stateCounter: try reader.integer("state_counter"),
            life: try life(reader),
            note: try reader.note("reason", "comment"),
            publicKey: try publicKey(reader),
            checkValue: try checkValue(reader),
            cause: try cause(reader),
            materialExpiry: try reader.optionalInteger("material_expires_at").map { MaterialExpiry(milliseconds: $0) })
        return Sealed(unverified: record, seal: try reader.seal())
    }

    static func id(_ row: Row) throws(StoreError) -> VersionID {
        let reader = RowReader(row, record: "a version")
        return VersionID(key: try reader.keyID("key_id"), number: try reader.versionNumber("number"))
    }

    private static func publicKey(_ reader: RowReader) throws(StoreError) -> PublicKeyInfo? {
        guard let der = try reader.optionalBlob("public_key", atMost: 1024) else { return nil }
        return PublicKeyInfo(der: der)
    }

    private static func cause(_ reader: RowReader) throws(StoreError) -> VersionCause? {
        guard let text = try reader.optionalText("cause") else { return nil }
        guard let cause = VersionCause(rawValue: text) else { throw reader.malformed("cause") }
        return cause
    }

    private static func checkValue(_ reader: RowReader) throws(StoreError) -> CheckValue? {
        guard let bytes = try reader.optionalBlob("check_value") else { return nil }
        guard let value = CheckValue(bytes: bytes) else { throw reader.malformed("check_value") }
        return value
    }

    /// Reads the columns of the state. Columns of other states must be NULL, because the seal does not cover them.
    private static func life(_ reader: RowReader) throws(StoreError) -> VersionLife {
        let state: VersionState = try reader.member("state")
        let wrapped = try wrapped(reader)
        let due: Int64? = try reader.optionalInteger("destroy_due_at")
        let digest = try reader.optionalBlob("blob_digest")
        switch (state, wrapped, due, digest) {
        case (.active, let wrapped?, nil, nil): return .active(wrapped)
        case (.deactivated, let wrapped?, nil, nil): return .deactivated(wrapped)
        case (.pendingDestruction, let wrapped?, let due?, nil):
            return .pendingDestruction(wrapped, due: Timestamp(milliseconds: due))
        case (.destroyed, nil, nil, let digest?) where digest.count == 32: return .destroyed(blobDigest: digest)
        default: throw reader.malformed("state")
        }
    }

    private static func wrapped(_ reader: RowReader) throws(StoreError) -> WrappedKey? {
        guard try reader.optionalBlob("wrapped_key") != nil else {
            let epoch: UInt32? = try reader.optionalInteger("wrap_epoch")
            guard epoch == nil else { throw reader.malformed("wrap_epoch") }
            return nil
        }
        return try reader.wrappedKey()
    }
}
