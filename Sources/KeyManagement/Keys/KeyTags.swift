/// Pairs of text by which people find their keys: at most 50, without control characters. Names have 1 to 128 bytes, values at
/// most 256.
///
/// No decision depends on them, and they are not sealed.
package struct KeyTags: Hashable, Sendable {
    package let pairs: TextPairs

    package static let none = KeyTags(known: TextPairs())
    /// The maximum number of tags of a key.
    package static let maxCount = 50

    /// Creates tags.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``, which states the defect.
    package init(_ pairs: TextPairs) throws(KMSError) {
        guard pairs.count <= Self.maxCount else {
            throw .invalidRequest("\(pairs.count) tags; a key has at most \(Self.maxCount)")
        }
        for (name, value) in pairs.sorted {
            guard (1...128).contains(name.utf8.count), KeyDescription.isPlain(name) else {
                throw .invalidRequest("the name of a tag has 1 to 128 bytes, and no control characters")
            }
            guard value.utf8.count <= 256, KeyDescription.isPlain(value) else {
                throw .invalidRequest("the value of a tag has at most 256 bytes, and no control characters")
            }
        }
        self.pairs = pairs
    }

    private init(known pairs: TextPairs) { self.pairs = pairs }

    /// The pairs sorted by name, the order in which they are shown.
    package var sorted: [(name: String, value: String)] { pairs.sorted }
}
