import Foundation
import GRDB

@testable import KeyManagement

// The SQL functions of the tables: one reads a field, the other makes the document of a row.
extension RecordTable {
    private static func named(_ name: DatabaseValue) -> RecordTable? {
        String.fromDatabaseValue(name).flatMap { name in all.first { $0.name == name } }
    }

    /// `record_field(table, column, content, details)`.
    static let fieldFunction = DatabaseFunction("record_field", argumentCount: 4, pure: true) { values in
        guard let table = named(values[0]), let column = String.fromDatabaseValue(values[1]),
            let field = table.columns.first(where: { $0.name == column })?.field,
            let content = Data.fromDatabaseValue(values[2])
        else { return nil }
        let fields = Fields(content)
        let details = Fields(Data.fromDatabaseValue(values[3]) ?? Data())
        switch field {
        case .text(let tag): return fields.first(tag).map { String(decoding: $0, as: UTF8.self) }
        case .blob(let tag): return fields.first(tag).map { Data($0) }
        case .int32(let tag), .int64(let tag): return fields.first(tag).map { Int64(bitPattern: Self.number($0)) }
        case .flag(let tag): return fields.first(tag) == nil ? 0 : 1
        case .texts(let tag): return json(fields.all(tag).map { String(decoding: $0, as: UTF8.self) })
        case .name: return details.first(1).map { String(decoding: $0, as: UTF8.self) }
        case .description: return details.first(2).map { String(decoding: $0, as: UTF8.self) }
        case .tags:
            let texts = [3, 4].map { details.all($0).map { String(decoding: $0, as: UTF8.self) } }
            return json(zip(texts[0], texts[1]).map { [$0, $1] })
        }
    }

    /// `record_part(table, part, value of each column…)`.
    static let partFunction = DatabaseFunction("record_part", argumentCount: nil, pure: true) { values in
        guard let table = named(values[0]), let part = String.fromDatabaseValue(values[1]) else { return nil }
        let document = table.document(of: Array(values.dropFirst(2)))
        let due = document.index.due
        switch part {
        case "place": return Data(document.place)
        case "revision": return Int64(clamping: document.revision)
        case "wrap_epoch": return document.wrapEpoch?.number
        case "name": return document.index.name.map { Data($0) }
        case "group_key": return document.index.group.map { Data($0) }
        case "label": return document.index.label.map { Data($0) }
        case "rotation_at": return due.rotation?.milliseconds
        case "end_at": return due.end?.milliseconds
        case "expiry_at": return due.expiry?.milliseconds
        case "details": return document.details.map { Data($0) }
        case "fixed": return document.fixed.map { Data($0) }
        default: return Data(document.content)
        }
    }

    /// Returns the document whose fields have these values. A document whose content is not a record has no index.
    private func document(of values: [DatabaseValue]) -> SealedDocument {
        let content = content(of: values)
        let details = kind == .key ? details(of: values) : nil
        let place = place(of: values)
        let seal = Seal(epoch: .first, code: [UInt8](repeating: 0, count: Seal.byteCount))
        func document(_ record: (any DocumentRecord)?) -> SealedDocument {
            SealedDocument(
                kind: kind, place: place, revision: record?.documentRevision ?? 1, content: content, details: details,
                fixed: record?.documentFixed, seal: seal, wrapEpoch: record?.documentWrapped?.epoch,
                index: record?.documentIndex ?? .none)
        }
        let bare = document(nil)
        let record: (any DocumentRecord)? =
            switch kind {
            case .document: nil
            case .key: KeyRecord(document: bare)
            case .version: VersionRecord(document: bare)
            case .alias: AliasRecord(document: bare)
            case .usage: UsageRecord(document: bare)
            case .importJob: ImportJob(document: bare)
            case .answer: IdempotentAnswer(document: bare)
            case .tombstone: KeyTombstone(document: bare)
            case .shard: StateShard(document: bare)
            }
        return document(record)
    }

    private func value(_ column: String, _ values: [DatabaseValue]) -> DatabaseValue {
        columns.firstIndex { $0.name == column }.map { values[$0] } ?? .null
    }

    private func place(of values: [DatabaseValue]) -> [UInt8] {
        let parts: [RecordPlace.Part] = place.compactMap { column in
            switch value(column, values).storage {
            case .int64(let number): .number(number)
            case .string(let text): .text(text)
            case .blob(let data): .bytes(Array(data))
            case .null, .double: nil
            }
        }
        return RecordPlace(parts).bytes
    }

    /// Returns the fields in the order of their tags.
    private func content(of values: [DatabaseValue]) -> [UInt8] {
        var fields: [(tag: UInt8, bytes: [UInt8])] = []
        for (column, value) in zip(columns, values) {
            switch column.field {
            case .text(let tag), .blob(let tag):
                if let data = Data.fromDatabaseValue(value) { fields.append((tag, Array(data))) }
            case .int32(let tag): if let bytes = Self.bytes(value, UInt32.self) { fields.append((tag, bytes)) }
            case .int64(let tag): if let bytes = Self.bytes(value, UInt64.self) { fields.append((tag, bytes)) }
            case .flag(let tag): if Int.fromDatabaseValue(value) == 1 { fields.append((tag, [1])) }
            case .texts(let tag): for text in Self.texts(value) { fields.append((tag, Array(text.utf8))) }
            case .name, .description, .tags: break
            }
        }
        var encoding = CanonicalEncoding(domain: domain)
        for tag in Set(fields.map(\.tag)).sorted() {
            for field in fields where field.tag == tag { encoding.append(tag, field.bytes) }
        }
        return encoding.bytes
    }

    private func details(of values: [DatabaseValue]) -> [UInt8] {
        var encoding = CanonicalEncoding(domain: KeyRecord.detailsDomain)
        for (tag, column) in [(UInt8(1), "name"), (2, "description")] {
            encoding.append(tag, String.fromDatabaseValue(value(column, values)) ?? "")
        }
        for (name, value) in Self.pairs(value("tags", values)).sorted(by: { $0.0 < $1.0 }) {
            encoding.append(3, name)
            encoding.append(4, value)
        }
        return encoding.bytes
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func bytes<Number: FixedWidthInteger>(_ value: DatabaseValue, _ type: Number.Type) -> [UInt8]? {
        guard case .int64(let number) = value.storage else { return nil }
        return withUnsafeBytes(of: Number(truncatingIfNeeded: number).bigEndian) { Array($0) }
    }

    private static func texts(_ value: DatabaseValue) -> [String] {
        guard let data = Data.fromDatabaseValue(value) else { return [] }
        return (try? JSONDecoder().decode([String].self, from: data)) ?? []
    }

    private static func pairs(_ value: DatabaseValue) -> [(String, String)] {
        guard let data = Data.fromDatabaseValue(value) else { return [] }
        if let list = try? JSONDecoder().decode([[String]].self, from: data) { return list.map { ($0[0], $0[1]) } }
        return ((try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]).map { ($0.key, $0.value) }
    }

    private static func json(_ value: some Encodable) -> String? {
        (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The fields of a canonical content, as an attacker reads them.
private struct Fields {
    private var fields: [(tag: UInt8, bytes: ArraySlice<UInt8>)] = []

    init(_ content: Data) {
        var rest = Array(content)[...]
        while let tag = rest.popFirst(), rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            fields.append((tag, rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
    }

    func first(_ tag: UInt8) -> ArraySlice<UInt8>? { fields.first { $0.tag == tag }?.bytes }

    func all(_ tag: UInt8) -> [ArraySlice<UInt8>] { fields.filter { $0.tag == tag }.map(\.bytes) }
}
