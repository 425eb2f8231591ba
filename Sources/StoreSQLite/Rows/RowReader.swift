import Foundation
import GRDB
import KeyManagement

/// Reads the columns of one row as what they must be, and converts nothing silently.
///
/// Anybody who can write to the database can put anything into any column, STRICT or not.
struct RowReader {
    private let row: Row
    /// What the row claims to be, for whoever has to look for it.
    let record: String

    init(_ row: Row, record: String) {
        self.row = row
        self.record = record
    }

    func malformed(_ column: String) -> StoreError { .malformed("\(record) (\(column))") }

    func integer<Number: FixedWidthInteger>(_ column: String) throws(StoreError) -> Number {
        guard let number: Number = try optionalInteger(column) else { throw malformed(column) }
        return number
    }

    func optionalInteger<Number: FixedWidthInteger>(_ column: String) throws(StoreError) -> Number? {
        switch value(column) {
        case .null: return nil
        case .int64(let stored):
            guard let number = Number(exactly: stored) else { throw malformed(column) }
            return number
        case .double, .string, .blob: throw malformed(column)
        }
    }

    func text(_ column: String) throws(StoreError) -> String {
        guard case .string(let text) = value(column) else { throw malformed(column) }
        return text
    }

    /// A blob of at most `limit` bytes; a longer one is not even copied.
    func blob(_ column: String, atMost limit: Int = 65536) throws(StoreError) -> [UInt8] {
        guard let blob = try optionalBlob(column, atMost: limit) else { throw malformed(column) }
        return blob
    }

    /// A blob of exactly `count` bytes.
    func blob(_ column: String, count: Int) throws(StoreError) -> [UInt8] {
        let blob = try blob(column)
        guard blob.count == count else { throw malformed(column) }
        return blob
    }

    func optionalBlob(_ column: String, atMost limit: Int = 65536) throws(StoreError) -> [UInt8]? {
        switch value(column) {
        case .null: return nil
        case .blob(let data):
            guard data.count <= limit else { throw malformed(column) }
            return Array(data)
        case .int64, .double, .string: throw malformed(column)
        }
    }

    /// A member of a closed set, stored as its text.
    func member<Member: RawRepresentable<String>>(_ column: String) throws(StoreError) -> Member {
        guard let member = Member(rawValue: try text(column)) else { throw malformed(column) }
        return member
    }

    func time(_ column: String) throws(StoreError) -> Timestamp {
        Timestamp(milliseconds: try integer(column))
    }

    func optionalTime(_ column: String) throws(StoreError) -> Timestamp? {
        guard let milliseconds: Int64 = try optionalInteger(column) else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    func optionalText(_ column: String) throws(StoreError) -> String? {
        switch value(column) {
        case .null: return nil
        case .string(let text): return text
        case .int64, .double, .blob: throw malformed(column)
        }
    }

    /// Why something was changed: both columns are there, or neither.
    func note(_ reasonColumn: String, _ commentColumn: String) throws(StoreError) -> ChangeNote? {
        switch (try optionalText(reasonColumn), try optionalText(commentColumn)) {
        case (nil, nil): return nil
        case (let name?, let comment?):
            guard let reason = ChangeReason(rawValue: name) else { throw malformed(reasonColumn) }
            guard let comment = try? KeyDescription(comment) else { throw malformed(commentColumn) }
            return ChangeNote(reason: reason, comment: comment)
        case (nil, _?), (_?, nil): throw malformed(reasonColumn)
        }
    }

    func keyID(_ column: String) throws(StoreError) -> KeyID {
        guard let id = KeyID(bytes: try blob(column)) else { throw malformed(column) }
        return id
    }

    func versionNumber(_ column: String) throws(StoreError) -> VersionNumber {
        guard let number = VersionNumber(try integer(column)) else { throw malformed(column) }
        return number
    }

    /// A wrapped key whose columns are all there.
    func wrappedKey() throws(StoreError) -> WrappedKey {
        WrappedKey(
            mechanism: try member("wrap_mechanism"), epoch: try epoch("wrap_epoch"), blob: try blob("wrapped_key"))
    }

    func epoch(_ column: String) throws(StoreError) -> RootEpoch {
        guard let epoch = RootEpoch(try integer(column)) else { throw malformed(column) }
        return epoch
    }

    func project(_ column: String) throws(StoreError) -> ProjectID {
        try domain(column) { (text) throws(KMSError) in try ProjectID(text) }
    }

    /// A text that has to pass the rules of a type of the domain.
    func domain<Value>(
        _ column: String, _ make: (String) throws(KMSError) -> Value
    ) throws(StoreError) -> Value {
        let text = try text(column)
        do throws(KMSError) {
            return try make(text)
        } catch {
            throw malformed(column)
        }
    }

    /// The same, for a column that may be empty.
    func optionalDomain<Value>(
        _ column: String, _ make: (String) throws(KMSError) -> Value
    ) throws(StoreError) -> Value? {
        guard try optionalText(column) != nil else { return nil }
        return try domain(column, make)
    }

    func seal() throws(StoreError) -> Seal {
        Seal(epoch: try epoch("seal_epoch"), code: try blob("seal", count: Seal.byteCount))
    }

    private func value(_ column: String) -> DatabaseValue.Storage {
        // A column that the statement does not have reads as NULL.
        (row[column] as DatabaseValue?)?.storage ?? .null
    }
}

/// Writes numbers that SQLite, whose integers are signed, may not be able to hold.
func exact(_ number: UInt64, _ column: String, of record: String) throws(StoreError) -> Int64 {
    guard let stored = Int64(exactly: number) else { throw .malformed("\(record) (\(column))") }
    return stored
}
