internal import KeyManagement

extension WireWriter {
    /// What came of opening the token.
    func put(_ result: Result<TokenDescription, TokenProcessError>) {
        switch result {
        case .success(let description):
            put(UInt8(1))
            put(description)
        case .failure(let error):
            put(UInt8(0))
            put(error.description)
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
        if try byte() == 1 { return .success(try description()) }
        return .failure(
            TokenProcessError(try text(), isFinal: try byte() == 1, mayBeAnotherToken: try byte() == 1))
    }

    private mutating func description() throws(WireError) -> TokenDescription {
        TokenDescription(
            identity: try identity(),
            algorithms: Set(
                try list { (reader) throws(WireError) in try reader.value(KeyAlgorithm.self) }),
            agreementAlgorithms: Set(
                try list { (reader) throws(WireError) in try reader.value(KeyAlgorithm.self) }),
            importMethods: Set(
                try list { (reader) throws(WireError) in try reader.value(ImportMethod.self) }),
            auditKey: try optional { (reader) throws(WireError) in try reader.publicKey() },
            wrapMechanism: try optional { (reader) throws(WireError) in try reader.value(WrapMechanism.self) },
            workerCount: try count(), proof: try bytes(), confinement: try text())
    }
}
