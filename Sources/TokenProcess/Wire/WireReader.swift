internal import KeyManagement
import SecretMemory

/// Reads the values of the `Token` port from a frame.
///
/// The writer is not trusted. Each length is checked against the available bytes, and each count against the request or a limit.
/// Text must be UTF-8.
struct WireReader {
    // Unsafe: belongs to the receive buffer of the reading thread; values are copied out before it continues.
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes
    }

    private mutating func take(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
        guard count <= rest.count else { throw WireError("a frame that is too short") }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }

    mutating func byte() throws(WireError) -> UInt8 { try take(1)[0] }

    mutating func number() throws(WireError) -> UInt32 {
        UInt32(bigEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    mutating func longNumber() throws(WireError) -> UInt64 {
        UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self))
    }

    mutating func count() throws(WireError) -> Int { Int(try number()) }
    mutating func bytes() throws(WireError) -> [UInt8] { Array(try take(try count())) }
    mutating func secret() throws(WireError) -> SecretBytes { SecretBytes(copying: try take(try count())) }

    /// Reads one byte, 0 or 1.
    mutating func flag() throws(WireError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw WireError("a flag of \(other)")
        }
    }

    mutating func bytes(atMost limit: Int) throws(WireError) -> [UInt8] {
        let bytes = try take(try count())
        guard bytes.count <= limit else { throw WireError("\(bytes.count) bytes, and not \(limit) at most") }
        return Array(bytes)
    }

    mutating func text(atMost limit: Int = WireLimits.text) throws(WireError) -> String {
        let bytes = try take(try count())
        guard bytes.count <= limit else { throw WireError("a text of \(bytes.count) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw WireError("a text that is not UTF-8") }
        return text
    }

    /// Reads the results of a number of items, in their order. The number must equal that of the request.
    mutating func list<Item>(
        exactly count: Int, _ body: (inout WireReader) throws(WireError) -> Item
    ) throws(WireError) -> [Item] {
        let found = try self.count()
        guard found == count else { throw WireError("\(found) items, not \(count)") }
        return try items(count, body)
    }

    mutating func list<Item>(
        atMost limit: Int, _ body: (inout WireReader) throws(WireError) -> Item
    ) throws(WireError) -> [Item] {
        let count = try count()
        guard count <= min(limit, rest.count) else { throw WireError("a list of \(count) items") }
        return try items(count, body)
    }

    private mutating func items<Item>(
        _ count: Int, _ body: (inout WireReader) throws(WireError) -> Item
    ) throws(WireError) -> [Item] {
        var items: [Item] = []
        // The count is not trusted: an item may take more memory than the one byte that it takes at least in the frame.
        items.reserveCapacity(min(count, 1024))
        for _ in 0..<count { items.append(try body(&self)) }
        return items
    }

    mutating func optional<Value>(
        _ body: (inout WireReader) throws(WireError) -> Value
    ) throws(WireError) -> Value? {
        try flag() ? try body(&self) : nil
    }

    /// Reads the byte strings of a request.
    mutating func byteStrings() throws(WireError) -> [[UInt8]] {
        try list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.bytes() }
    }

    /// Verifies that the frame has no further bytes. Must be called after everything expected was read.
    func finish() throws(WireError) {
        guard rest.isEmpty else { throw WireError("\(rest.count) bytes more than there should be") }
    }

    /// Checks the form of an answer.
    func check(_ body: () throws(TokenAnswerError) -> Void) throws(WireError) {
        do throws(TokenAnswerError) {
            try body()
        } catch {
            throw WireError(error.description)
        }
    }

    /// Unwraps a value that must exist because the writer had it.
    func known<Value>(_ value: Value?, _ what: String) throws(WireError) -> Value {
        guard let value else { throw WireError("\(what) that there is not") }
        return value
    }

    mutating func value<Value: RawRepresentable>(_ type: Value.Type) throws(WireError) -> Value
    where Value.RawValue == String {
        try known(Value(rawValue: try text()), "\(type)")
    }

    mutating func epoch() throws(WireError) -> RootEpoch { try known(RootEpoch(try number()), "an epoch") }

    mutating func versionID() throws(WireError) -> VersionID {
        let key = try known(KeyID(bytes: try take(try count())), "a key id")
        return VersionID(key: key, number: try known(VersionNumber(try number()), "a version"))
    }

    mutating func versionKey() throws(WireError) -> VersionKey {
        VersionKey(
            id: try versionID(), algorithm: try value(KeyAlgorithm.self),
            usage: try value(KeyUsage.self), wrapped: try wrappedKey())
    }

    mutating func wrappedKey() throws(WireError) -> WrappedKey {
        WrappedKey(mechanism: try value(WrapMechanism.self), epoch: try epoch(), blob: try bytes())
    }

    mutating func box() throws(WireError) -> SealedBox {
        let (nonce, ciphertext) = (try bytes(), try bytes())
        guard nonce.count == SealedBox.nonceLength, ciphertext.count >= SealedBox.tagLength else {
            throw WireError("a box of \(nonce.count) and \(ciphertext.count) bytes")
        }
        return SealedBox(nonce: nonce, ciphertextAndTag: ciphertext)
    }

    mutating func seal() throws(WireError) -> Seal { Seal(epoch: try epoch(), code: try bytes()) }
    mutating func publicKey() throws(WireError) -> PublicKeyInfo { PublicKeyInfo(der: try bytes()) }

    mutating func newKey() throws(WireError) -> NewKey {
        NewKey(
            wrapped: try wrappedKey(), publicKey: try optional { (reader) throws(WireError) in try reader.publicKey() },
            checkValue: try optional { (reader) throws(WireError) in
                try reader.known(CheckValue(bytes: try reader.bytes()), "a check value")
            })
    }

    mutating func results(exactly count: Int) throws(WireError) -> [TokenResult<SecretBytes>] {
        try list(exactly: count) { (reader) throws(WireError) in
            let answer = try reader.known(Frame.Answer(rawValue: try reader.byte()), "an answer")
            if answer == .done { return .success(try reader.secret()) }
            return .failure(try reader.known(TokenError(answer, try reader.message()), "an error"))
        }
    }

    /// Reads the text of an error.
    mutating func message() throws(WireError) -> String { try text(atMost: WireLimits.message) }

    mutating func error(_ answer: Frame.Answer) throws(WireError) -> TokenError {
        try known(TokenError(answer, try message()), "an error")
    }

    mutating func importJob() throws(WireError) -> ImportJob {
        let id = try known(ImportJobID(bytes: try bytes()), "an import job")
        let (project, subject) = (try text(), try text())
        return ImportJob(
            id: id, project: try known(try? ProjectID(project), "a project"),
            subject: try known(try? SubjectID(subject), "a subject"),
            wrappingAlgorithm: try value(KeyAlgorithm.self), method: try value(ImportMethod.self),
            publicKey: try publicKey(), wrapped: try wrappedKey(), createdAt: try timestamp(),
            expiresAt: try timestamp())
    }

    private mutating func timestamp() throws(WireError) -> Timestamp {
        Timestamp(milliseconds: Int64(bitPattern: try longNumber()))
    }

    mutating func importMaterial() throws(WireError) -> ImportMaterial {
        ImportMaterial(
            algorithm: try value(KeyAlgorithm.self), usage: try value(KeyUsage.self), wrapped: try bytes(),
            publicKey: try optional { (reader) throws(WireError) in try reader.publicKey() })
    }

    mutating func keyToRewrap() throws(WireError) -> KeyToRewrap {
        let (name, algorithm, usage) = (try text(), try value(KeyAlgorithm.self), try text())
        let purpose: KeyToRewrap.Purpose =
            usage.isEmpty ? .importJob : .version(try known(KeyUsage(rawValue: usage), "a usage"))
        return KeyToRewrap(
            name: name, algorithm: algorithm, purpose: purpose, wrapped: try wrappedKey(),
            publicKey: try optional { (reader) throws(WireError) in try reader.publicKey() })
    }

    mutating func identity() throws(WireError) -> TokenIdentity {
        let (label, serialNumber) = (try text(), try text())
        let values = try list(atMost: WireLimits.epochs) { (reader) throws(WireError) in
            (try reader.epoch(), try reader.bytes(atMost: WireLimits.checkValue))
        }
        let checkValues = Dictionary(values.map { ($0, $1) }) { first, _ in first }
        guard checkValues.count == values.count else { throw WireError("an epoch twice") }
        return try known(
            TokenIdentity(label: label, serialNumber: serialNumber, checkValues: checkValues), "an epoch")
    }
}
