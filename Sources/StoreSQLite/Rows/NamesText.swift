import Foundation
import KeyManagement

/// Names as a sorted JSON list in one column.
enum NamesText {
    static func text(of names: [String], _ column: String, of record: String) throws(StoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(names.sorted()), as: UTF8.self)
        } catch {
            throw .malformed("\(record) (\(column))")
        }
    }

    /// Each name once, and each as `make` takes it.
    static func names<Name: Hashable>(
        _ reader: RowReader, _ column: String, _ make: (String) throws(KMSError) -> Name
    ) throws(StoreError) -> Set<Name> {
        let text = try reader.text(column)
        guard text != "[]" else { return [] }
        guard let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
            throw reader.malformed(column)
        }
        var names: Set<Name> = []
        for text in texts {
            guard let name = try? make(text), names.insert(name).inserted else { throw reader.malformed(column) }
        }
        return names
    }
}
