import Foundation
import KeyManagement

/// Names as a sorted JSON list in one column.
enum NamesText {
    static func list(_ reader: RowReader, _ column: String) throws(StoreError) -> [String] {
        let text = try reader.text(column)
        guard text != "[]" else { return [] }
        guard let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
            throw reader.malformed(column)
        }
        return texts
    }

    /// Reads names, each of which must occur once and be accepted by `make`.
    static func names<Name: Hashable>(
        _ reader: RowReader, _ column: String, _ make: (String) throws(KMSError) -> Name
    ) throws(StoreError) -> Set<Name> {
        let texts = try list(reader, column)
        var names: Set<Name> = []
        for text in texts {
            guard let name = try? make(text), names.insert(name).inserted else { throw reader.malformed(column) }
        }
        return names
    }
}
