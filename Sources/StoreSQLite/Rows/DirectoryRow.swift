import Foundation
import GRDB
import KeyManagement

/// The row of a document in the table `directory`.
enum DirectoryRow {
    static let columns = "kind, name, parent, revision, content, seal_epoch, seal"

    static let insert = """
        INSERT INTO directory (\(columns), wrap_epoch) VALUES (
            :kind, :name, :parent, :revision, :content, :seal_epoch, :seal, :wrap_epoch)
        """

    /// The statement that changes a document, if its row is one revision behind.
    static let update = """
        UPDATE directory SET
            revision = :revision, content = :content, seal_epoch = :seal_epoch, seal = :seal,
            wrap_epoch = :wrap_epoch
        WHERE kind = :kind AND name = :name AND parent = :parent AND revision = :revision - 1
        """

    static func arguments(of sealed: Sealed<DirectoryDocument>) throws(StoreError) -> StatementArguments {
        let document = sealed.unverified
        return [
            "kind": document.kind.rawValue,
            "name": document.key,
            "parent": document.parent,
            "revision": try exact(document.revision, "revision", of: document.sealedName),
            "content": Data(document.content),
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
            "wrap_epoch": document.wrapped?.epoch.number,
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<DirectoryDocument> {
        let reader = RowReader(row, record: "a document of the directory")
        let document = DirectoryDocument(
            kind: try reader.member("kind"),
            key: try reader.text("name"),
            parent: try reader.text("parent"),
            revision: try reader.integer("revision"),
            content: try reader.blob("content", atMost: DirectoryDocument.longestContent))
        return Sealed(unverified: document, seal: try reader.seal())
    }
}
