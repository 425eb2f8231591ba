import Foundation
import GRDB
import KeyManagement

/// Reads the columns of one row as the types that they must have, and converts nothing silently.
///
/// Anyone with write access to the database can put any value into any column, STRICT or not.
struct RowReader {
    private let row: Row
    /// The record that the row claims to be, for error messages.
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

    /// Reads a blob of at most `limit` bytes; a longer one is not copied.
    func blob(_ column: String, atMost limit: Int = 65536) throws(StoreError) -> [UInt8] {
        guard let blob = try optionalBlob(column, atMost: limit) else { throw malformed(column) }
        return blob
    }

    /// Reads a blob of exactly `count` bytes.
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

    /// Reads a member of a closed set, stored as its text.
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

    /// Reads the reason for a change. Both columns must have a value, or neither.
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

    /// Reads a wrapped key whose columns are all present.
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

    /// Reads a text that must satisfy the rules of a domain type.
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

    /// Reads a text as ``domain(_:_:)`` does; nil if the column is NULL.
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

/// Converts a number for SQLite, whose integers are signed; throws if it does not fit.
func exact(_ number: UInt64, _ column: String, of record: String) throws(StoreError) -> Int64 {
    guard let stored = Int64(exactly: number) else { throw .malformed("\(record) (\(column))") }
    return stored
}
