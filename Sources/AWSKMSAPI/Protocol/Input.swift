import JSONText
import KeyManagement
import SecretMemory

/// The members of a request, each as its shape requires.
struct Input: Sendable {
    private let root: JSONNode
    let reader: JSONReader

    /// Reads a body and checks it against a shape.
    ///
    /// - Throws: `SerializationException` for a body that is not JSON or a value of another type, `ValidationException` for values that are
    ///   not allowed. It reports all of them at once, as AWS does.
    init(_ body: [UInt8], _ shape: InputShape) throws(AWSFailure) {
        let read: (value: JSONNode, reader: JSONReader)
        do throws(KMSError) {
            read = try JSONReader.read(bytes: body.isEmpty ? Array("{}".utf8) : body) {
                (reader) throws(KMSError) in try reader.node()
            }
        } catch {
            throw AWSFailure("SerializationException", nil)
        }
        guard case .object = read.value else { throw AWSFailure("SerializationException", nil) }
        root = read.value
        reader = read.reader
        var violations: [String] = []
        try check(shape, &violations)
        guard violations.isEmpty else {
            let plural = violations.count == 1 ? "" : "s"
            throw .validation(
                "\(violations.count) validation error\(plural) detected: \(violations.joined(separator: "; "))")
        }
    }

    init(root: JSONNode, reader: JSONReader) {
        self.root = root
        self.reader = reader
    }

    var members: [JSONNode.Member] { if case .object(let members) = root { members } else { [] } }

    /// Returns the value of a member; nil if it is absent or null.
    func value(_ name: String) -> JSONNode? {
        guard let value = root.member(name) else { return nil }
        if case .null = value { return nil }
        return value
    }

    func has(_ name: String) -> Bool { value(name) != nil }

    func optionalText(_ name: String) -> String? {
        guard case .text(let string)? = value(name) else { return nil }
        return (try? reader.text(of: string)) ?? nil
    }

    /// Returns a text that the shape requires.
    func text(_ name: String) -> String { optionalText(name) ?? "" }

    func optionalInteger(_ name: String) -> Int? {
        guard case .number(let text)? = value(name) else { return nil }
        return Self.integer(text)
    }

    func flag(_ name: String) -> Bool {
        if case .flag(let flag)? = value(name) { flag } else { false }
    }

    func optionalSecret(_ name: String) -> SecretBytes? {
        guard case .text(let string)? = value(name) else { return nil }
        return (try? reader.secret(of: string)) ?? nil
    }

    /// Returns a secret that the shape requires.
    func secret(_ name: String) throws(AWSFailure) -> SecretBytes {
        guard let secret = optionalSecret(name) else { throw AWSFailure("SerializationException", nil) }
        return secret
    }

    /// Returns bytes that the shape requires.
    func bytes(_ name: String) -> [UInt8] { optionalBytes(name) ?? [] }

    func optionalBytes(_ name: String) -> [UInt8]? {
        optionalSecret(name).map { $0.withUnsafeBytes { Array($0) } }
    }

    /// Returns a time, given in seconds since 1970 with an optional fraction.
    func optionalTime(_ name: String) -> Timestamp? {
        guard case .number(let text)? = value(name), let seconds = Double(text), seconds.magnitude < 1e12 else {
            return nil
        }
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }

    func texts(_ name: String) -> [String] {
        guard case .list(let items)? = value(name) else { return [] }
        return items.compactMap { item in
            guard case .text(let string) = item else { return nil }
            return (try? reader.text(of: string)) ?? nil
        }
    }

    func objects(_ name: String) -> [Input] {
        guard case .list(let items)? = value(name) else { return [] }
        return items.map { Input(root: $0, reader: reader) }
    }

    func object(_ name: String) -> Input? {
        value(name).map { Input(root: $0, reader: reader) }
    }

    /// Returns an object of texts; nil if it is absent or null.
    ///
    /// - Throws: `SerializationException` if it is anything else; no pair is dropped.
    func pairs(_ name: String) throws(AWSFailure) -> TextPairs? {
        guard let value = value(name) else { return nil }
        guard case .object(let members) = value else { throw AWSFailure("SerializationException", nil) }
        var pairs = TextPairs()
        for member in members {
            guard case .text(let string) = member.value, let text = (try? reader.text(of: string)) ?? nil,
                pairs.insert(text, for: member.name)
            else { throw AWSFailure("SerializationException", nil) }
        }
        return pairs
    }

    /// Returns the encryption context; empty if there is none.
    func context(_ name: String = "EncryptionContext") throws(AWSFailure) -> EncryptionContext {
        guard let pairs = try pairs(name), !pairs.isEmpty else { return .empty }
        do throws(KMSError) {
            return try EncryptionContext(pairs)
        } catch {
            throw .validation(error.message)
        }
    }

    static func integer(_ text: String) -> Int? {
        if let value = Int(text) { return value }
        // Some clients write whole numbers as fractions.
        guard let value = Double(text), value == value.rounded(), value.magnitude < 1e15 else { return nil }
        return Int(value)
    }
}
