import KeyManagement

/// Where a list goes on, as clients carry it: nobody but this service reads anything out of it.
enum Marker {
    private static let prefix = "kms1"

    static func text(_ cursor: String) -> String { prefix + Hexadecimal.text(Array(cursor.utf8)) }

    /// - Throws: `InvalidMarkerException` for what this service never gave.
    static func cursor(_ marker: String) throws(AWSFailure) -> String {
        guard marker.utf8.starts(with: prefix.utf8), let bytes = Hexadecimal.bytes(marker.dropFirst(prefix.count)),
            let text = String(validating: bytes, as: UTF8.self), !text.isEmpty
        else { throw AWSFailure("InvalidMarkerException", "Could not deserialize marker '\(marker)'") }
        return text
    }

    /// One page of a list that is there as a whole, and the place of the first one left out.
    static func page<Item>(
        _ items: [Item], _ input: Input, standard: Int
    ) throws(AWSFailure) -> (items: ArraySlice<Item>, next: String?) {
        let limit = input.optionalInteger("Limit") ?? standard
        var start = 0
        if let marker = input.optionalText("Marker") {
            guard let place = Int(try cursor(marker)), (0...items.count).contains(place) else {
                throw AWSFailure("InvalidMarkerException", "Could not deserialize marker '\(marker)'")
            }
            start = place
        }
        let page = items[start...].prefix(limit)
        return (page, page.endIndex < items.count ? String(page.endIndex) : nil)
    }
}
