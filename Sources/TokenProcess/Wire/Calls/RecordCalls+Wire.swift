internal import KeyManagement
internal import SecretMemory

extension SealCall: WireCall {
    static var tag: CallTag { .seal }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.byteStrings()) }
    func encode(to writer: WireWriter) { writer.put(messages) { writer.put($0) } }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [Seal] {
        try reader.list(exactly: messages.count) { (reader) throws(WireError) in try reader.seal() }
    }

    static func encode(_ seals: [Seal], to writer: WireWriter) { writer.put(seals) { writer.put($0) } }
}

extension VerifySealsCall: WireCall {
    static var tag: CallTag { .verify }

    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
                (seal: try reader.seal(), message: try reader.bytes())
            })
    }

    func encode(to writer: WireWriter) {
        writer.put(seals) {
            writer.put($0.seal)
            writer.put($0.message)
        }
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [Bool] {
        try reader.list(exactly: seals.count) { (reader) throws(WireError) in try reader.flag() }
    }

    static func encode(_ verdicts: [Bool], to writer: WireWriter) {
        writer.put(verdicts) { writer.put($0 ? UInt8(1) : 0) }
    }
}

extension SignAuditCall: WireCall {
    static var tag: CallTag { .signAudit }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.bytes()) }
    func encode(to writer: WireWriter) { writer.put(digest) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [UInt8] { try reader.bytes() }
    static func encode(_ signature: [UInt8], to writer: WireWriter) { writer.put(signature) }
}

extension RandomCall: WireCall {
    static var tag: CallTag { .random }

    init(from reader: inout WireReader) throws(WireError) { self.init(byteCount: try reader.count()) }
    func encode(to writer: WireWriter) { writer.put(count: byteCount) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> SecretBytes { try reader.secret() }
    static func encode(_ secret: SecretBytes, to writer: WireWriter) { writer.put(secret) }
}

extension CheckHealthCall: WireCall {
    static var tag: CallTag { .checkHealth }

    init(from reader: inout WireReader) throws(WireError) { self.init() }
    func encode(to writer: WireWriter) {}
}
