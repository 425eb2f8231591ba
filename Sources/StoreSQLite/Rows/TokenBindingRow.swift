import Foundation
import GRDB
import KeyManagement

/// The one row of `token_binding`, which names the token that the store belongs to.
enum TokenBindingRow {
    static let columns = "label, serial_number, epoch, check_value, created_at"

    static let insert = """
        INSERT INTO token_binding (only_row, \(columns)) VALUES (
            1, :label, :serial_number, :epoch, :check_value, :created_at)
        """

    /// The statement that binds the store to later roots.
    static let update = """
        UPDATE token_binding SET
            label = :label, serial_number = :serial_number, epoch = :epoch, check_value = :check_value,
            created_at = :created_at
        WHERE epoch < :epoch
        """

    static func arguments(of binding: TokenBinding) -> StatementArguments {
        [
            "label": binding.label,
            "serial_number": binding.serialNumber,
            "epoch": binding.epoch.number,
            "check_value": Data(binding.checkValue),
            "created_at": binding.createdAt.milliseconds,
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> TokenBinding {
        let reader = RowReader(row, record: "the token binding")
        return TokenBinding(
            label: try reader.text("label"),
            serialNumber: try reader.text("serial_number"),
            epoch: try reader.epoch("epoch"),
            checkValue: try reader.blob("check_value", count: 32),
            createdAt: try reader.time("created_at"))
    }
}
