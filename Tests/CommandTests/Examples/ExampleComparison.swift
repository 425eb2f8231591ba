import KMSTesting

/// Compares the answer of a service with the documented one.
///
/// Members and types must be the same. Texts and flags must be equal, except for texts that differ from service to service: ids, times,
/// ciphertexts and the like. Numbers may differ.
struct ExampleComparison {
    /// The differences, as text.
    private(set) var faults: [String] = []
    /// The texts of the service, by the documented ones in their places.
    private(set) var actualTexts: [String: String] = [:]

    /// - Parameter isExcerpt: true if the documented answer is only a part of the actual one.
    init(_ documented: JSON, _ actual: JSON, isExcerpt: Bool) {
        compare(documented, actual, at: "body", isExcerpt)
    }

    private mutating func compare(_ documented: JSON, _ actual: JSON, at place: String, _ isExcerpt: Bool) {
        switch (documented, actual) {
        case (.object(let expected), .object(let found)):
            let (missing, more) = (
                Set(expected.keys).subtracting(found.keys), Set(found.keys).subtracting(expected.keys)
            )
            if !missing.isEmpty { faults.append("\(place) has no \(missing.sorted())") }
            if !more.isEmpty, !isExcerpt { faults.append("\(place) has \(more.sorted()), which is not documented") }
            for (name, value) in expected {
                if let other = found[name] { compare(value, other, at: "\(place).\(name)", isExcerpt) }
            }
        case (.list(let expected), .list(let found)):
            if expected.count != found.count {
                faults.append("\(place) has \(found.count) items, not \(expected.count)")
            }
            for (index, pair) in zip(expected, found).enumerated() {
                compare(pair.0, pair.1, at: "\(place)[\(index)]", isExcerpt)
            }
        case (.text(let expected), .text(let found)):
            guard expected != found else { return }
            actualTexts[expected] = found
            if !Self.differs(expected) { faults.append("\(place) is '\(found)', not '\(expected)'") }
        case (.flag, .flag): if documented != actual { faults.append("\(place) is \(actual)") }
        case (.number, .number), (.null, .null): break
        default: faults.append("\(place) is \(actual), not of the type of \(documented)")
        }
    }

    /// Returns true for a text that differs from service to service: a time, hexadecimal digits, or anything without spaces that is long.
    private static func differs(_ text: String) -> Bool {
        text.contains(/^\d{4}-\d\d-\d\dT/) || text.contains(/^[0-9a-f]{6,}$/) || text.contains(/^\S{16,}$/)
            || text.hasPrefix("-----BEGIN") || text.hasPrefix("{")
    }
}
