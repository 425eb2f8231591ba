internal import KeyManagement

extension WireWriter {
    /// Writes the result of opening the token.
    func put(_ result: Result<TokenDescription, TokenProcessError>) {
        switch result {
        case .success(let description):
            put(UInt8(1))
            put(description)
        case .failure(let error):
            put(UInt8(0))
            put(message: error.description)
            put(error.isFinal ? UInt8(1) : 0)
            put(error.mayBeAnotherToken ? UInt8(1) : 0)
        }
    }

    private func put(_ description: TokenDescription) {
        put(description.identity)
        put(description.algorithms.map(\.rawValue).sorted()) { put($0) }
        put(description.agreementAlgorithms.map(\.rawValue).sorted()) { put($0) }
        put(description.importMethods.map(\.rawValue).sorted()) { put($0) }
        put(description.auditKey) { put($0.der) }
        put(description.wrapMechanism) { put($0.rawValue) }
        put(count: description.workerCount)
        put(description.proof)
        put(description.confinement)
    }
}

extension WireReader {
    mutating func opening() throws(WireError) -> Result<TokenDescription, TokenProcessError> {
        if try flag() { return .success(try description()) }
        return .failure(
            TokenProcessError(try message(), isFinal: try flag(), mayBeAnotherToken: try flag()))
    }

    private mutating func description() throws(WireError) -> TokenDescription {
        let identity = try identity()
        let algorithms = try names(KeyAlgorithm.self)
        let agreementAlgorithms = try names(KeyAlgorithm.self)
        let importMethods = try names(ImportMethod.self)
        let auditKey = try optional { (reader) throws(WireError) in try reader.publicKey() }
        if let auditKey {
            try check { () throws(TokenAnswerError) in try TokenAnswers.check(auditKey: auditKey) }
        }
        let wrapMechanism = try optional { (reader) throws(WireError) in try reader.value(WrapMechanism.self) }
        let workerCount = try count()
        guard (1...WireLimits.workers).contains(workerCount) else { throw WireError("\(workerCount) threads") }
        return TokenDescription(
            identity: identity, algorithms: algorithms, agreementAlgorithms: agreementAlgorithms,
            importMethods: importMethods, auditKey: auditKey, wrapMechanism: wrapMechanism, workerCount: workerCount,
            proof: try bytes(atMost: WireLimits.proof), confinement: try text(atMost: WireLimits.message))
    }

    private mutating func names<Value: RawRepresentable & Hashable>(
        _ type: Value.Type
    ) throws(WireError) -> Set<Value> where Value.RawValue == String {
        Set(try list(atMost: WireLimits.names) { (reader) throws(WireError) in try reader.value(Value.self) })
    }
}
