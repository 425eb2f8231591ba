/// Writes a record as the one sequence of bytes that its seal covers.
///
/// Each field is `tag (1) | length (4, big-endian) | bytes`, in the order in which the record appends them. A field that
/// is absent is not written; its tag says which one is meant, so no two records share an encoding.
struct CanonicalEncoding {
    private(set) var bytes: [UInt8]

    /// - Parameter domain: what kind of record this is, so that a seal of one kind never fits another.
    init(domain: String) {
        bytes = []
        bytes.reserveCapacity(320)
        append(0, Array(domain.utf8))
    }

    mutating func append(_ tag: UInt8, _ field: some Collection<UInt8>) {
        bytes.append(tag)
        appendBigEndian(UInt32(field.count))
        bytes.append(contentsOf: field)
    }

    mutating func append(_ tag: UInt8, _ text: String) {
        append(tag, text.utf8)
    }

    mutating func append(_ tag: UInt8, _ number: some FixedWidthInteger) {
        bytes.append(tag)
        appendBigEndian(UInt32(number.bitWidth / 8))
        appendBigEndian(number)
    }

    private mutating func appendBigEndian(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
