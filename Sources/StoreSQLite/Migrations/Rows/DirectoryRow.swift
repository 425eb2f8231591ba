import GRDB
import KeyManagement

/// The row of a document in the table `directory`, which stores of before "2026-09 documents" have.
enum DirectoryRow {
    static let columns = "kind, name, parent, revision, content, seal_epoch, seal"

    static func record(_ row: Row) throws(StoreError) -> Sealed<DirectoryDocument> {
        let reader = RowReader(row, record: "a document of the directory")
        let document = DirectoryDocument(
            kind: try reader.member("kind"),
            key: try reader.text("name"),
            parent: try reader.text("parent"),
            revision: try reader.integer("revision"),
            content: try reader.blob("content", atMost: DirectoryDocument.maxContentLength))
        return Sealed(unverified: document, seal: try reader.seal())
    }
}
