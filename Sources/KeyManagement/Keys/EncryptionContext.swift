/// Pairs of text that a ciphertext is bound to. Whoever decrypts must name the same pairs, in any order.
///
/// Names and values are compared by their UTF-8: the composed and the decomposed form of a letter are different contexts.
///
/// Not secret, and not stored in the ciphertext: the context goes into the additional authenticated data
/// (NIST SP 800-38D §5.2.1) only.
public struct EncryptionContext: Hashable, Sendable {
    private let pairs: [(name: String, value: String)]

    /// The most bytes of the encoded form: 8 KiB.
    public static let longestEncoding = 8192

    /// No pairs at all.
    public static let empty = EncryptionContext(sorted: [])

    /// - Throws: ``KMSError/invalidRequest(_:)`` when a name is empty or the whole is longer than 8 KiB encoded.
    public init(_ pairs: [String: String]) throws(KMSError) {
        guard !pairs.keys.contains("") else {
            throw .invalidRequest("the encryption context has an empty name")
        }
        self.init(
            sorted: pairs.map { (name: $0.key, value: $0.value) }
                .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        guard encodedLength <= Self.longestEncoding else {
            throw .invalidRequest("the encryption context is longer than \(Self.longestEncoding) bytes")
        }
    }

    private init(sorted pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    public var isEmpty: Bool { pairs.isEmpty }

    private var encodedLength: Int {
        pairs.reduce(2) { $0 + 4 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// Appends the canonical form: the number of pairs, then for each pair, sorted by the bytes of its name, the
    /// length and the UTF-8 of its name and of its value. Numbers are 2 bytes, big-endian.
    func encode(into bytes: inout [UInt8]) {
        Self.append(pairs.count, to: &bytes)
        for (name, value) in pairs {
            Self.append(name.utf8.count, to: &bytes)
            bytes.append(contentsOf: name.utf8)
            Self.append(value.utf8.count, to: &bytes)
            bytes.append(contentsOf: value.utf8)
        }
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        // 8 KiB bounds every number here.
        bytes.append(UInt8(number >> 8))
        bytes.append(UInt8(number & 0xFF))
    }

    public static func == (lhs: EncryptionContext, rhs: EncryptionContext) -> Bool {
        lhs.pairs.elementsEqual(rhs.pairs) {
            $0.name.utf8.elementsEqual($1.name.utf8) && $0.value.utf8.elementsEqual($1.value.utf8)
        }
    }

    public func hash(into hasher: inout Hasher) {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        hasher.combine(bytes)
    }
}
