internal import KeyManagement

extension GenerateKeyCall: WireCall {
    static var tag: CallTag { .generateKey }
    var deadlineClass: DeadlineClass { DeadlineClass(generating: algorithm) }

    init(from reader: inout WireReader) throws(WireError) {
        self.init(try reader.value(KeyAlgorithm.self), for: try reader.value(KeyUsage.self))
    }

    func encode(to writer: WireWriter) {
        writer.put(algorithm.rawValue)
        writer.put(usage.rawValue)
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> NewKey { try reader.newKey() }
    static func encode(_ key: NewKey, to writer: WireWriter) { writer.put(key) }

    func checkThoroughly(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.checkPoint(of: key.publicKey, algorithm)
    }
}

extension GenerateDataKeyPairCall: WireCall {
    static var tag: CallTag { .generateDataKeyPair }
    var deadlineClass: DeadlineClass { DeadlineClass(generating: algorithm) }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.value(KeyAlgorithm.self)) }
    func encode(to writer: WireWriter) { writer.put(algorithm.rawValue) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> DataKeyPairMaterial {
        DataKeyPairMaterial(privateKey: try reader.secret(), publicKey: try reader.publicKey())
    }

    static func encode(_ pair: DataKeyPairMaterial, to writer: WireWriter) {
        writer.put(pair.privateKey)
        writer.put(pair.publicKey.der)
    }

    func checkThoroughly(_ pair: DataKeyPairMaterial) throws(TokenAnswerError) {
        try TokenAnswers.checkPoint(of: pair.publicKey, algorithm)
    }
}

extension GenerateImportKeyCall: WireCall {
    static var tag: CallTag { .generateImportKey }
    var deadlineClass: DeadlineClass { DeadlineClass(generating: algorithm) }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.value(KeyAlgorithm.self)) }
    func encode(to writer: WireWriter) { writer.put(algorithm.rawValue) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> NewKey { try reader.newKey() }
    static func encode(_ key: NewKey, to writer: WireWriter) { writer.put(key) }

    func checkThoroughly(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.checkPoint(of: key.publicKey, algorithm)
    }
}

extension ImportKeyCall: WireCall {
    static var tag: CallTag { .importKey }

    init(from reader: inout WireReader) throws(WireError) {
        self.init(try reader.importMaterial(), under: try reader.importJob())
    }

    func encode(to writer: WireWriter) {
        writer.put(material)
        writer.put(job)
    }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> NewKey { try reader.newKey() }
    static func encode(_ key: NewKey, to writer: WireWriter) { writer.put(key) }

    func checkThoroughly(_ key: NewKey) throws(TokenAnswerError) {
        try TokenAnswers.checkPoint(of: key.publicKey, material.algorithm)
    }
}

extension WrapSecretCall: WireCall {
    static var tag: CallTag { .wrapSecret }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.secret()) }
    func encode(to writer: WireWriter) { writer.put(secret) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> WrappedKey { try reader.wrappedKey() }
    static func encode(_ wrapped: WrappedKey, to writer: WireWriter) { writer.put(wrapped) }
}
