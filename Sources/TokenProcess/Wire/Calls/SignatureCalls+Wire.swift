internal import KeyManagement
internal import SecretMemory

extension SignCall: WireCall {
    static var tag: CallTag { .sign }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        let algorithm = try reader.value(SignatureAlgorithm.self)
        self.init(try reader.byteStrings(), by: algorithm, with: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(algorithm.rawValue)
        writer.put(inputs) { writer.put($0) }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [[UInt8]] {
        try reader.list(exactly: inputs.count) { (reader) throws(WireError) in try reader.bytes() }
    }

    static func encode(_ signatures: [[UInt8]], to writer: WireWriter) { writer.put(signatures) { writer.put($0) } }
}

extension AuthenticateCall: WireCall {
    static var tag: CallTag { .authenticate }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        self.init(try reader.byteStrings(), with: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(messages) { writer.put($0) }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [[UInt8]] {
        try reader.list(exactly: messages.count) { (reader) throws(WireError) in try reader.bytes() }
    }

    static func encode(_ codes: [[UInt8]], to writer: WireWriter) { writer.put(codes) { writer.put($0) } }
}

extension AgreeCall: WireCall {
    static var tag: CallTag { .agree }

    init(from reader: inout WireReader) throws(WireError) {
        let key = try reader.versionKey()
        self.init(with: try reader.publicKey(), by: key)
    }

    func encode(to writer: WireWriter) {
        writer.put(key)
        writer.put(publicKey.der)
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> SecretBytes { try reader.secret() }
    static func encode(_ secret: SecretBytes, to writer: WireWriter) { writer.put(secret) }
}
