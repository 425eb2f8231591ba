import GRDB
import KeyManagement

/// The row of an import job in the table `import_job`, which stores of before "2026-09 documents" have.
enum ImportJobRow {
    static let columns = """
        id, project_id, subject, wrapping_algorithm, method, public_key, wrap_mechanism, wrap_epoch, wrapped_key, created_at, expires_at, seal_epoch, seal
        """

    static func id(_ row: Row) throws(StoreError) -> ImportJobID {
        let reader = RowReader(row, record: "an import job")
        guard let id = ImportJobID(bytes: try reader.blob("id")) else { throw reader.malformed("id") }
        return id
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<ImportJob> {
        let reader = RowReader(row, record: "an import job")
        let record = ImportJob(
            id: try id(row),
            project: try reader.project("project_id"),
            subject: try reader.domain("subject") { (text) throws(KMSError) in try SubjectID(text) },
            wrappingAlgorithm: try reader.member("wrapping_algorithm"),
            method: try reader.member("method"),
            publicKey: PublicKeyInfo(der: try reader.blob("public_key", atMost: 1024)),
            wrapped: try reader.wrappedKey(),
            createdAt: try reader.time("created_at"),
            expiresAt: try reader.time("expires_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
