import CLibPQ
import KeyManagement

/// The rows that a statement returned, in PostgreSQL's binary format, and the number of rows that it changed.
///
/// It is read on the thread that ran the statement, and frees libpq's memory when it is released.
final class ResultRows {
    // Owned by this object, freed by deinit. Values are copied before they leave a function.
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit { PQclear(raw) }

    var count: Int { Int(PQntuples(raw)) }

    /// The number of rows that an INSERT, UPDATE or DELETE changed.
    var changedCount: Int { PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// Returns a value as bytes; `nil` for NULL.
    func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(raw, row, column) == 0, let start = PQgetvalue(raw, row, column) else { return nil }
        let count = Int(PQgetlength(raw, row, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Returns a `bigint`; `nil` for NULL and for a value of another size.
    func integer(_ row: Int, _ column: Int) -> Int64? {
        guard let bytes = bytes(row, column), bytes.count == 8 else { return nil }
        return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Returns a text; `nil` for NULL and for what is not UTF-8.
    func text(_ row: Int, _ column: Int) -> String? {
        bytes(row, column).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Returns a value by the type of its column; `nil` for a type that no column of a store has.
    func value(_ row: Int, _ column: Int) -> StoreValue? {
        if isNull(row, column) { return .null }
        switch PQftype(raw, Int32(column)) {
        case Parameter.bytesType: return bytes(row, column).map { .bytes($0) }
        case Parameter.integerType: return integer(row, column).map { .integer($0) }
        case Parameter.textType: return text(row, column).map { .text($0) }
        default: return nil
        }
    }

    func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(raw, Int32(row), Int32(column)) != 0 }
}
