/// Pairs of text that a ciphertext is bound to. Decryption requires the same pairs, in any order.
///
/// Names and values are compared by their UTF-8: the composed and the decomposed form of a letter are different contexts.
///
/// The context is not secret, and it is not stored in the ciphertext. It is part of the additional authenticated data only
/// (NIST SP 800-38D §5.2.1).
package struct EncryptionContext: Hashable, Sendable {
    private let pairs: [(name: String, value: String)]

    /// The maximum length of the encoded form: 8 KiB.
    package static let maxEncodingLength = 8192

    /// The context without pairs.
    package static let empty = EncryptionContext(sorted: [])

    /// Creates a context.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if a name is empty or the encoded form is longer than 8 KiB.
    package init(_ pairs: TextPairs) throws(KMSError) {
        guard pairs[""] == nil else {
            throw .invalidRequest("the encryption context has an empty name")
        }
        self.init(sorted: pairs.sorted)
        guard encodedLength <= Self.maxEncodingLength else {
            throw .invalidRequest("the encryption context is longer than \(Self.maxEncodingLength) bytes")
        }
    }

    private init(sorted pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    package var isEmpty: Bool { pairs.isEmpty }

    /// The pairs sorted by the bytes of their names, the order in which they are encoded.
    package var sorted: [(name: String, value: String)] { pairs }

    /// Returns true if all pairs of another context are among these.
    func includes(_ other: EncryptionContext) -> Bool {
        other.pairs.allSatisfy { pair in
            pairs.contains {
                $0.name.utf8.elementsEqual(pair.name.utf8) && $0.value.utf8.elementsEqual(pair.value.utf8)
            }
        }
    }

    private var encodedLength: Int {
        pairs.reduce(2) { $0 + 4 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// Appends the canonical form: the number of pairs, then each pair, sorted by the bytes of its name. A pair is the length
    /// and the UTF-8 of its name and of its value. Numbers are 2 bytes, big-endian.
    package func encode(into bytes: inout [UInt8]) {
        Self.append(pairs.count, to: &bytes)
        for (name, value) in pairs {
            Self.append(name.utf8.count, to: &bytes)
            bytes.append(contentsOf: name.utf8)
            Self.append(value.utf8.count, to: &bytes)
            bytes.append(contentsOf: value.utf8)
        }
    }

    /// The canonical form.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Reads the canonical form; `nil` if the bytes are not one.
    package init?(encoded bytes: [UInt8]) {
        var rest = bytes[...]
        guard let count = Self.number(&rest) else { return nil }
        var pairs = TextPairs()
        for _ in 0..<count {
            guard let name = Self.text(&rest), let value = Self.text(&rest), pairs.insert(value, for: name) else {
                return nil
            }
        }
        guard let context = try? EncryptionContext(pairs), context.encoded == bytes else { return nil }
        self = context
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
        return Int(high) << 8 | Int(low)
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let count = number(&rest), rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return String(validating: rest.prefix(count), as: UTF8.self)
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        // 8 KiB bounds every number here.
        bytes.append(UInt8(number >> 8))
        bytes.append(UInt8(number & 0xFF))
    }

    package static func == (lhs: EncryptionContext, rhs: EncryptionContext) -> Bool {
        lhs.pairs.elementsEqual(rhs.pairs) {
            $0.name.utf8.elementsEqual($1.name.utf8) && $0.value.utf8.elementsEqual($1.value.utf8)
        }
    }

    package func hash(into hasher: inout Hasher) {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        hasher.combine(bytes)
    }
}

extension TextPairs {
    package init(_ context: EncryptionContext) {
        self.init()
        for (name, value) in context.sorted { _ = insert(value, for: name) }
    }
}
