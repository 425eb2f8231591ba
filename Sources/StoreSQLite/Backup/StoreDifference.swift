import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    /// Returns the changes that are undone if the store in the file `older` replaces the one at `path`. Both are only read.
    public static func differences(
        of path: String, from older: String
    ) throws(StoreOpenError) -> [StoreDifference] {
        do {
            let queue = try DatabaseQueue(path: path)
            let found = try queue.inDatabase { db in
                try db.execute(literal: "ATTACH DATABASE \(older) AS older")
                defer { try? db.execute(sql: "DETACH DATABASE older") }
                return try questions.flatMap { question in
                    try Row.fetchAll(db, sql: question.sql).map { row in
                        StoreDifference(
                            consequence: question.consequence, kind: row["kind"], name: row["name"],
                            detail: row["detail"])
                    }
                }
            }
            try queue.close()
            return found
        } catch {
            throw StoreOpenError(error, path: path)
        }
    }

    private struct Question {
        let consequence: StoreDifference.Consequence
        let sql: String
    }

    private static let uuid = """
        lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' ||
        substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))
        """

    private static func version(_ alias: String) -> String {
        uuid.replacing("hex(id)", with: "hex(\(alias).key_id)") + " || ' version ' || \(alias).number"
    }

    private static let questions: [Question] = [
        Question(
            consequence: .lost,
            sql: """
                SELECT 'key' AS kind, \(uuid) AS name, 'key ' || name || ' was made since' AS detail
                FROM main."key" WHERE id NOT IN (SELECT id FROM older."key")
                """),
        Question(
            consequence: .lost,
            sql: """
                SELECT 'version' AS kind, \(version("v")) AS name,
                    'version ' || v.number || ' of key ' || k.name || ' was made since' AS detail
                FROM main.version v JOIN main."key" k ON k.id = v.key_id JOIN older."key" o ON o.id = v.key_id
                WHERE NOT EXISTS (SELECT 1 FROM older.version w WHERE w.key_id = v.key_id AND w.number = v.number)
                """),
        Question(
            consequence: .comesBack,
            sql: """
                SELECT 'version' AS kind, \(version("v")) AS name,
                    'version ' || v.number || ' of key ' || k.name || ' was destroyed since' AS detail
                FROM main.version v JOIN main."key" k ON k.id = v.key_id
                JOIN older.version w ON w.key_id = v.key_id AND w.number = v.number
                WHERE v.state = 'destroyed' AND w.state <> 'destroyed'
                """),
        Question(
            consequence: .comesBack,
            sql: """
                SELECT 'key' AS kind, \(uuid) AS name, 'key ' || name || ' was deleted since' AS detail
                FROM older."key" WHERE id NOT IN (SELECT id FROM main."key")
                """),
        Question(
            consequence: .goesBack,
            sql: """
                SELECT 'version' AS kind, \(version("v")) AS name,
                    'version ' || v.number || ' of key ' || k.name || ': ' || v.state || ', was ' || w.state AS detail
                FROM main.version v JOIN main."key" k ON k.id = v.key_id
                JOIN older.version w ON w.key_id = v.key_id AND w.number = v.number
                WHERE v.state <> w.state AND v.state <> 'destroyed'
                """),
        Question(
            consequence: .goesBack,
            sql: """
                SELECT 'key' AS kind, \(uuid.replacing("hex(id)", with: "hex(k.id)")) AS name,
                    'key ' || k.name || ': settings or access were changed since' AS detail
                FROM main."key" k JOIN older."key" o ON o.id = k.id
                WHERE k.revision <> o.revision AND NOT EXISTS (
                    SELECT 1 FROM main.version v LEFT JOIN older.version w
                    ON w.key_id = v.key_id AND w.number = v.number
                    WHERE v.key_id = k.id AND (w.number IS NULL OR w.state <> v.state))
                """),
        Question(
            consequence: .lost,
            sql: """
                SELECT kind, name, kind || ' ' || name || ' was made since' AS detail FROM main.directory d
                WHERE NOT EXISTS (SELECT 1 FROM older.directory o WHERE o.kind = d.kind AND o.name = d.name)
                """),
        // A revoked credential would become valid again.
        Question(
            consequence: .goesBack,
            sql: """
                SELECT d.kind AS kind, d.name AS name, d.kind || ' ' || d.name || ' was changed since' AS detail
                FROM main.directory d JOIN older.directory o ON o.kind = d.kind AND o.name = d.name
                WHERE o.revision <> d.revision
                """),
    ]
}
