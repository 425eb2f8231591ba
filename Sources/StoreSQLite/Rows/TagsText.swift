import Foundation
import KeyManagement

/// Tags as a JSON object in one column.
enum TagsText {
    static func text(of tags: KeyTags, record: String) throws(StoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(tags.pairs), as: UTF8.self)
        } catch {
            throw .malformed("\(record) (tags)")
        }
    }

    static func tags(_ reader: RowReader, _ column: String) throws(StoreError) -> KeyTags {
        let text = try reader.text(column)
        guard text != "{}" else { return .none }
        guard let pairs = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)),
            let tags = try? KeyTags(pairs)
        else { throw reader.malformed(column) }
        return tags
    }
}
