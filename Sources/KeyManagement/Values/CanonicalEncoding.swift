/// The encoding of a record as the only byte sequence that its seal covers.
///
/// Each field is `tag (1) | length (4, big-endian) | bytes`, in the order in which the record appends them. An absent field is
/// not written. The tag identifies a field, so no two records share an encoding.
struct CanonicalEncoding {
    private(set) var bytes: [UInt8]

    /// Starts an encoding.
    ///
    /// - Parameter domain: the kind of the record, so that a seal of one kind is never valid for another.
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
