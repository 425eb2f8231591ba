internal import KeyManagement

extension FactsCall: WireCall {
    static var tag: CallTag { .facts }

    init(from reader: inout WireReader) throws(WireError) { self.init() }
    func encode(to writer: WireWriter) {}

    func readAnswer(from reader: inout WireReader) throws(WireError) -> TokenFacts {
        try reader.json(TokenFacts.self)
    }

    static func encode(_ facts: TokenFacts, to writer: WireWriter) { writer.put(json: facts) }
}

extension ExamineRootsCall: WireCall {
    static var tag: CallTag { .examineRoots }

    init(from reader: inout WireReader) throws(WireError) { self.init() }
    func encode(to writer: WireWriter) {}

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [KeyExamination] {
        try reader.json([KeyExamination].self)
    }

    static func encode(_ examinations: [KeyExamination], to writer: WireWriter) { writer.put(json: examinations) }
}

extension ExamineCall: WireCall {
    static var tag: CallTag { .examine }

    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.versionKey() })
    }

    func encode(to writer: WireWriter) { writer.put(keys) { writer.put($0) } }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [KeyExamination] {
        try reader.json([KeyExamination].self)
    }

    static func encode(_ examinations: [KeyExamination], to writer: WireWriter) { writer.put(json: examinations) }
}
