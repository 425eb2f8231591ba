import KeyManagement

/// The one row of `kms.token_binding`, which names the token that the store belongs to.
enum TokenBindingRow {
    static let columns = "label, serial_number, epoch, check_value, created_at"

    /// Returns the step that binds a store, or binds it to later roots.
    static func step(_ binding: StoreTransaction.Binding) -> TransactionStep {
        switch binding {
        case .first(let binding):
            TransactionStep(
                Statement(
                    """
                    INSERT INTO kms.token_binding (only_row, \(columns)) VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                    """, parameters(of: binding)), requires: .one(else: .conflict))
        case .later(let binding):
            TransactionStep(
                Statement(
                    """
                    UPDATE kms.token_binding SET label = $1, serial_number = $2, epoch = $3, check_value = $4, created_at = $5
                    WHERE epoch < $3
                    """, parameters(of: binding)), requires: .one(else: .conflict))
        }
    }

    private static func parameters(of binding: TokenBinding) -> [Parameter] {
        [
            .text(binding.label), .text(binding.serialNumber), .integer(binding.epoch.number),
            .bytes(binding.checkValue), .integer(binding.createdAt.milliseconds),
        ]
    }

    static func record(_ row: RowReader) throws(StoreError) -> TokenBinding {
        TokenBinding(
            label: try row.text(0), serialNumber: try row.text(1), epoch: try row.epoch(2),
            checkValue: try row.bytes(3, count: 32), createdAt: try row.time(4))
    }
}
