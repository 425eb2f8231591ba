internal import KeyManagement
internal import SecretMemory

extension EncryptCall: WireCall {
    static var tag: CallTag { .encrypt }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        let items = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
            Encryption(try reader.secret(), additionalData: try reader.bytes())
        }
        self.init(items, with: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(items) {
            writer.put($0.plaintext)
            writer.put($0.additionalData)
        }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [SealedBox] {
        try reader.list(exactly: items.count) { (reader) throws(WireError) in try reader.box() }
    }

    static func encode(_ boxes: [SealedBox], to writer: WireWriter) { writer.put(boxes) { writer.put($0) } }
}

extension DecryptCall: WireCall {
    static var tag: CallTag { .decrypt }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        let items = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
            Decryption(try reader.box(), additionalData: try reader.bytes())
        }
        self.init(items, with: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(items) {
            writer.put($0.box)
            writer.put($0.additionalData)
        }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [TokenResult<SecretBytes>] {
        try reader.results(exactly: items.count)
    }

    static func encode(_ results: [TokenResult<SecretBytes>], to writer: WireWriter) { writer.put(results) }
}

extension IssueDataKeysCall: WireCall {
    static var tag: CallTag { .issueDataKeys }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        let orders = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
            DataKeyOrder(byteCount: try reader.count(), additionalData: try reader.bytes())
        }
        self.init(orders, with: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(orders) {
            writer.put(count: $0.byteCount)
            writer.put($0.additionalData)
        }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [TokenDataKey] {
        try reader.list(exactly: orders.count) { (reader) throws(WireError) in
            TokenDataKey(plaintext: try reader.secret(), box: try reader.box())
        }
    }

    static func encode(_ dataKeys: [TokenDataKey], to writer: WireWriter) {
        writer.put(dataKeys) {
            writer.put($0.plaintext)
            writer.put($0.box)
        }
    }
}

extension DecryptAsymmetricCall: WireCall {
    static var tag: CallTag { .decryptAsymmetric }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        let algorithm = try reader.value(AsymmetricEncryption.self)
        self.init(try reader.byteStrings(), by: algorithm, with: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(algorithm.rawValue)
        writer.put(ciphertexts) { writer.put($0) }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [TokenResult<SecretBytes>] {
        try reader.results(exactly: ciphertexts.count)
    }

    static func encode(_ results: [TokenResult<SecretBytes>], to writer: WireWriter) { writer.put(results) }
}

extension ForgetCall: WireCall {
    static var tag: CallTag { .forget }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.versionID()) }
    func encode(to writer: WireWriter) { writer.put(version) }
}
