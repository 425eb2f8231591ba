internal import KeyManagement

/// Reads the values of the `Token` port out of a frame. Each length is checked against what is there.
struct WireReader {
    // Unsafe: belongs to the receive buffer of the thread that reads; values are copied out before it goes on.
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
    mutating func text() throws(WireError) -> String { String(decoding: try take(try count()), as: UTF8.self) }

    mutating func list<Item>(
        _ body: (inout WireReader) throws(WireError) -> Item
    ) throws(WireError) -> [Item] {
        let count = try count()
        guard count <= rest.count else { throw WireError("a list of \(count) items") }
        var items: [Item] = []
        // The count is not believed: an item may take more room than the byte that it has at least in the frame.
        items.reserveCapacity(min(count, 1024))
        for _ in 0..<count { items.append(try body(&self)) }
        return items
    }

    mutating func optional<Value>(
        _ body: (inout WireReader) throws(WireError) -> Value
    ) throws(WireError) -> Value? {
        try byte() == 0 ? nil : try body(&self)
    }

    /// A value that the writer had, so there is one.
    private func known<Value>(_ value: Value?, _ what: String) throws(WireError) -> Value {
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

    mutating func results() throws(WireError) -> [TokenResult<SecretBytes>] {
        try list { (reader) throws(WireError) in
            let answer = try reader.known(Frame.Answer(rawValue: try reader.byte()), "an answer")
            if answer == .done { return .success(try reader.secret()) }
            return .failure(try reader.known(TokenError(answer, try reader.text()), "an error"))
        }
    }

    mutating func error(_ answer: Frame.Answer) throws(WireError) -> TokenError {
        try known(TokenError(answer, try text()), "an error")
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
        let values = try list { (reader) throws(WireError) in (try reader.epoch(), try reader.bytes()) }
        return try known(
            TokenIdentity(
                label: label, serialNumber: serialNumber,
                checkValues: Dictionary(values.map { ($0, $1) }) { first, _ in first }),
            "an epoch")
    }
}
