/// Pairs of a name and a value, both ``ExactText``: two names that differ in a byte are different names.
package struct TextPairs: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var values: [ExactText: ExactText] = [:]

    package init() {}

    /// Creates pairs from a literal.
    ///
    /// - Precondition: each name occurs once.
    package init(dictionaryLiteral pairs: (String, String)...) {
        for (name, value) in pairs {
            let isNew = insert(value, for: name)
            precondition(isNew, "a name comes twice")
        }
    }

    /// Adds a pair.
    ///
    /// - Returns: false if the name exists already; nothing is changed then.
    package mutating func insert(_ value: String, for name: String) -> Bool {
        guard values[ExactText(name)] == nil else { return false }
        values[ExactText(name)] = ExactText(value)
        return true
    }

    /// The value of a name; `nil` if there is none.
    package subscript(name: String) -> String? { values[ExactText(name)]?.text }

    package var count: Int { values.count }
    package var isEmpty: Bool { values.isEmpty }

    /// The pairs, sorted by the bytes of their names.
    package var sorted: [(name: String, value: String)] {
        values.sorted { $0.key < $1.key }.map { (name: $0.key.text, value: $0.value.text) }
    }

    /// Returns these pairs and those of `other`, whose values take precedence.
    package func merging(_ other: TextPairs) -> TextPairs {
        var merged = self
        merged.values.merge(other.values) { $1 }
        return merged
    }

    /// Returns the pairs that have none of these names.
    package func removing(_ names: Set<ExactText>) -> TextPairs {
        var rest = self
        for name in names { rest.values[name] = nil }
        return rest
    }
}
