import Foundation
import KeyManagement

/// Tags in one column: a JSON list of pairs. Older rows have an object, in which JSONDecoder takes names that are canonically equivalent
/// for one.
enum TagsText {
    static func tags(_ reader: RowReader, _ column: String) throws(StoreError) -> KeyTags {
        let text = try reader.text(column)
        guard text != "{}" else { return .none }
        guard let pairs = pairs(Data(text.utf8)), let tags = try? KeyTags(pairs) else {
            throw reader.malformed(column)
        }
        return tags
    }

    private static func pairs(_ json: Data) -> TextPairs? {
        var pairs = TextPairs()
        let decoder = JSONDecoder()
        if let list = try? decoder.decode([[String]].self, from: json), !list.isEmpty {
            for pair in list { guard pair.count == 2, pairs.insert(pair[1], for: pair[0]) else { return nil } }
        } else if let object = try? decoder.decode([String: String].self, from: json) {
            for (name, value) in object { guard pairs.insert(value, for: name) else { return nil } }
        } else {
            return nil
        }
        return pairs
    }
}
