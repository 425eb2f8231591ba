import Foundation
import GRDB
import KeyManagement

/// How a key stands in the table `key`.
enum KeyRow {
    static let columns = """
        id, project_id, name, description, algorithm, origin, availability, ledger, revision, created_at,
        changed_at, seal_epoch, seal
        """

    static let insert = """
        INSERT INTO "key" (\(columns)) VALUES (
            :id, :project_id, :name, :description, :algorithm, :origin, :availability, :ledger, :revision,
            :created_at, :changed_at, :seal_epoch, :seal)
        """

    /// Changes what may change, of a key that is one revision behind. What never changes must be as it was.
    static let update = """
        UPDATE "key" SET
            name = :name, description = :description, availability = :availability, ledger = :ledger,
            revision = :revision, changed_at = :changed_at, seal_epoch = :seal_epoch, seal = :seal
        WHERE id = :id AND revision = :revision - 1 AND project_id = :project_id AND algorithm = :algorithm
            AND origin = :origin AND created_at = :created_at
        """

    static func arguments(of sealed: Sealed<KeyRecord>) throws(StoreError) -> StatementArguments {
        let key = sealed.unverified
        let name = key.sealedName
        return [
            "id": Data(key.id.bytes),
            "project_id": key.project.text,
            "name": key.name.text,
            "description": key.description.text,
            "algorithm": key.algorithm.rawValue,
            "origin": key.origin.rawValue,
            "availability": key.availability.rawValue,
            "ledger": Data(key.versions.encoded),
            "revision": try exact(key.revision, "revision", of: name),
            "created_at": key.createdAt.milliseconds,
            "changed_at": key.changedAt.milliseconds,
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<KeyRecord> {
        let id = try id(row)
        let reader = RowReader(row, record: "key \(id)")
        let record = KeyRecord(
            id: id,
            project: try reader.project("project_id"),
            name: try reader.domain("name") { (text) throws(KMSError) in try KeyName(text) },
            description: try reader.domain("description") { (text) throws(KMSError) in try KeyDescription(text) },
            algorithm: try reader.member("algorithm"),
            origin: try reader.member("origin"),
            availability: try reader.member("availability"),
            versions: try ledger(reader),
            revision: try reader.integer("revision"),
            createdAt: try reader.time("created_at"),
            changedAt: try reader.time("changed_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }

    static func id(_ row: Row) throws(StoreError) -> KeyID {
        let reader = RowReader(row, record: "a key")
        guard let id = KeyID(bytes: try reader.blob("id")) else { throw reader.malformed("id") }
        return id
    }

    private static func ledger(_ reader: RowReader) throws(StoreError) -> VersionLedger {
        guard let ledger = VersionLedger(encoded: try reader.blob("ledger", atMost: 1 << 20)) else {
            throw reader.malformed("ledger")
        }
        return ledger
    }
}
