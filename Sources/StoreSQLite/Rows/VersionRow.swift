import Foundation
import GRDB
import KeyManagement

/// The row of a version in the table `version`.
enum VersionRow {
    static let columns = """
        key_id, number, project_id, algorithm, origin, state, state_counter, wrap_mechanism, wrap_epoch, wrapped_key,
        destroy_due_at, blob_digest, created_at, changed_at, seal_epoch, seal, usage, public_key, check_value, reason, comment,
        cause, material_expires_at
        """

    static let insert = """
        INSERT INTO version (\(columns)) VALUES (
            :key_id, :number, :project_id, :algorithm, :origin, :state, :state_counter, :wrap_mechanism, :wrap_epoch,
            :wrapped_key, :destroy_due_at, :blob_digest, :created_at, :changed_at, :seal_epoch, :seal, :usage,
            :public_key, :check_value, :reason, :comment, :cause, :material_expires_at)
        """

    /// The statement that changes the mutable columns of a version, if its row is one state change behind and the immutable columns are as
    /// expected.
    static let update = """
        UPDATE version SET
            state = :state, state_counter = :state_counter, wrap_mechanism = :wrap_mechanism,
            wrap_epoch = :wrap_epoch, wrapped_key = :wrapped_key, destroy_due_at = :destroy_due_at,
            blob_digest = :blob_digest, changed_at = :changed_at, seal_epoch = :seal_epoch, seal = :seal,
            reason = :reason, comment = :comment, material_expires_at = :material_expires_at
        WHERE key_id = :key_id AND number = :number AND state_counter = :state_counter - 1
            AND project_id = :project_id AND algorithm = :algorithm AND usage = :usage AND origin = :origin
            AND created_at = :created_at AND public_key IS :public_key AND check_value IS :check_value
            AND cause IS :cause
        """

    /// Writes a version, new or changed, and registers its wrapped key.
    static func write(_ sealed: Sealed<VersionRecord>, by statement: String, in db: Database) throws {
        try db.run(statement, try arguments(of: sealed))
        try db.requireOneChange()
        let version = sealed.unverified
        try WrappedBlobRow.register(version.life.wrapped, of: .version(version.id), in: db)
    }

    static func arguments(of sealed: Sealed<VersionRecord>) throws(StoreError) -> StatementArguments {
        let version = sealed.unverified
        let wrapped = version.life.wrapped
        var due: Timestamp?
        var digest: [UInt8]?
        switch version.life {
        case .active, .deactivated: break
        case .pendingDestruction(_, let time): due = time
        case .destroyed(let blobDigest): digest = blobDigest
        }
        return [
            "key_id": Data(version.id.key.bytes),
            "number": version.id.number.value,
            "project_id": version.project.text,
            "algorithm": version.algorithm.rawValue,
            "origin": version.origin.rawValue,
            "state": version.state.rawValue,
            "state_counter": try exact(version.stateCounter, "state_counter", of: version.sealedName),
            "wrap_mechanism": wrapped?.mechanism.rawValue,
            "wrap_epoch": wrapped?.epoch.number,
            "wrapped_key": wrapped.map { Data($0.blob) },
            "destroy_due_at": due?.milliseconds,
            "blob_digest": digest.map { Data($0) },
            "created_at": version.createdAt.milliseconds,
            "changed_at": version.changedAt.milliseconds,
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
            "usage": version.usage.rawValue,
            "public_key": version.publicKey.map { Data($0.der) },
            "check_value": version.checkValue.map { Data($0.bytes) },
            "cause": version.cause?.rawValue,
            "material_expires_at": version.materialExpiry?.milliseconds,
            "reason": version.note?.reason.rawValue,
            "comment": version.note?.comment.text,
        ]
    }

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
