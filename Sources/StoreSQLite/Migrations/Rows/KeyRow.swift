import GRDB
import KeyManagement

/// The row of a key in the table `key`, which stores of before "2026-09 documents" have.
enum KeyRow {
    static let columns = """
        id, project_id, name, description, algorithm, origin, availability, ledger, revision, created_at,
        changed_at, seal_epoch, seal, usage, tags, rotation_days, rotation_due_at, rotated_at, availability_reason,
        availability_comment, service, owner, restricted, allowed_subjects, allowed_groups,
        policy_statements, policy_document, deletion_due_at, material_expires_at,
        default_expires_at
        """

    static func record(_ row: Row) throws(StoreError) -> Sealed<KeyRecord> {
        let id = try id(row)
        let reader = RowReader(row, record: "key \(id)")
        let record = KeyRecord(
            id: id,
            project: try reader.project("project_id"),
            name: try reader.domain("name") { (text) throws(KMSError) in try KeyName(text) },
            description: try reader.domain("description") { (text) throws(KMSError) in
                try KeyDescription(text, maxLength: KeyDescription.maxLengthOfKey)
            },
            tags: try TagsText.tags(reader, "tags"),
            algorithm: try reader.member("algorithm"),
            usage: try reader.member("usage"),
            origin: try reader.member("origin"),
            kind: try kind(reader),
            owner: try reader.optionalDomain("owner") { (text) throws(KMSError) in try SubjectID(text) },
            access: try access(reader),
            availability: try reader.member("availability"),
            availabilityNote: try reader.note("availability_reason", "availability_comment"),
            deletionDueAt: try reader.optionalTime("deletion_due_at"),
            materialExpiresAt: try reader.optionalTime("material_expires_at"),
            defaultMaterialExpiry: try reader.optionalInteger("default_expires_at").map {
                MaterialExpiry(milliseconds: $0)
            },
            versions: try ledger(reader),
            rotation: try rotation(reader),
            rotatedAt: try reader.optionalTime("rotated_at"),
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

    private static func rotation(_ reader: RowReader) throws(StoreError) -> RotationSchedule? {
        let days: Int? = try reader.optionalInteger("rotation_days")
        let due = try reader.optionalTime("rotation_due_at")
        switch (days, due) {
        case (nil, nil): return nil
        case (let days?, let due?):
            guard let period = try? RotationPeriod(days: days) else { throw reader.malformed("rotation_days") }
            return RotationSchedule(period: period, dueAt: due)
        case (_?, nil), (nil, _?): throw reader.malformed("rotation_due_at")
        }
    }

    private static func kind(_ reader: RowReader) throws(StoreError) -> KeyKind {
        let service = try reader.optionalDomain("service") { (text) throws(KMSError) in try ServiceName(text) }
        return service.map { .service($0) } ?? .user
    }

    private static func access(_ reader: RowReader) throws(StoreError) -> KeyAccess {
        let subjects = try NamesText.names(reader, "allowed_subjects") { (text) throws(KMSError) in
            try SubjectID(text)
        }
        let groups = try NamesText.names(reader, "allowed_groups") { (text) throws(KMSError) in try GroupID(text) }
        let isRestricted: Int = try reader.integer("restricted")
        if let policy = try policy(reader) {
            guard isRestricted == 0, subjects.isEmpty, groups.isEmpty else { throw reader.malformed("restricted") }
            return .policy(policy)
        }
        switch isRestricted {
        case 0:
            guard subjects.isEmpty, groups.isEmpty else { throw reader.malformed("restricted") }
            return .byRole
        case 1:
            guard let list = try? AccessList(subjects: subjects, groups: groups) else {
                throw reader.malformed("allowed_subjects")
            }
            return .restricted(list)
        default: throw reader.malformed("restricted")
        }
    }

    private static func policy(_ reader: RowReader) throws(StoreError) -> KeyPolicy? {
        let texts = try NamesText.list(reader, "policy_statements")
        let document = try reader.optionalText("policy_document")
        guard let document else {
            guard texts.isEmpty else { throw reader.malformed("policy_document") }
            return nil
        }
        let statements = texts.compactMap { AccessStatement(text: $0) }
        guard statements.count == texts.count,
            let policy = try? KeyPolicy(statements: statements, document: document)
        else { throw reader.malformed("policy_statements") }
        return policy
    }

    private static func ledger(_ reader: RowReader) throws(StoreError) -> VersionLedger {
        guard let ledger = VersionLedger(encoded: try reader.blob("ledger", atMost: 1 << 20)) else {
            throw reader.malformed("ledger")
        }
        return ledger
    }
}
