import KeyManagement

/// Reads the columns of one row as the types that they must have.
///
/// Anyone with write access to the database can put any value into any column, and alter the columns.
struct RowReader {
    private let rows: ResultRows
    private let row: Int
    /// The record that the row claims to be, for error messages.
    let record: String

    init(_ rows: ResultRows, _ row: Int, record: String) {
        self.rows = rows
        self.row = row
        self.record = record
    }

    func malformed(_ column: Int) -> StoreError { .malformed("\(record) (column \(column + 1))") }

    func integer<Number: FixedWidthInteger>(_ column: Int) throws(StoreError) -> Number {
        guard let number = rows.integer(row, column).flatMap({ Number(exactly: $0) }) else { throw malformed(column) }
        return number
    }

    func text(_ column: Int) throws(StoreError) -> String {
        guard let text = rows.text(row, column) else { throw malformed(column) }
        return text
    }

    func bytes(_ column: Int) throws(StoreError) -> [UInt8] {
        guard let bytes = rows.bytes(row, column) else { throw malformed(column) }
        return bytes
    }

    /// Reads exactly `count` bytes.
    func bytes(_ column: Int, count: Int) throws(StoreError) -> [UInt8] {
        let bytes = try bytes(column)
        guard bytes.count == count else { throw malformed(column) }
        return bytes
    }

    func time(_ column: Int) throws(StoreError) -> Timestamp { Timestamp(milliseconds: try integer(column)) }

    func optionalTime(_ column: Int) throws(StoreError) -> Timestamp? {
        rows.isNull(row, column) ? nil : try time(column)
    }

    func epoch(_ column: Int) throws(StoreError) -> RootEpoch {
        guard let epoch = RootEpoch(try integer(column)) else { throw malformed(column) }
        return epoch
    }
}

extension ResultRows {
    /// Reads all rows.
    func map<Value>(
        _ record: @autoclosure () -> String, _ read: (RowReader) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in 0..<count { values.append(try read(RowReader(self, row, record: record()))) }
        return values
    }

    /// Reads the first row; `nil` if there is none.
    func first<Value>(
        _ record: String, _ read: (RowReader) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        count > 0 ? try read(RowReader(self, 0, record: record)) : nil
    }
}
