public import KeyManagement

/// The description of a token that a process sends after opening it.
public struct TokenDescription: Sendable {
    public let identity: TokenIdentity
    public let algorithms: Set<KeyAlgorithm>
    public let agreementAlgorithms: Set<KeyAlgorithm>
    public let importMethods: Set<ImportMethod>
    public let auditKey: PublicKeyInfo?
    public let wrapMechanism: WrapMechanism?
    public let workerCount: Int
    /// The result of the token's probe, in the encoding of the process that ran it. It is passed to the next process, which need
    /// not probe again.
    public let proof: [UInt8]
    /// The rights that the process gave up before it opened the token, for the log.
    public let confinement: String
}

extension TokenDescription {
    public init(
        of token: any Token, wrapMechanism: WrapMechanism?, workerCount: Int, proof: [UInt8], confinement: String
    ) {
        self.init(
            identity: token.identity, algorithms: token.algorithms,
            agreementAlgorithms: token.agreementAlgorithms, importMethods: token.importMethods,
            auditKey: token.auditKey, wrapMechanism: wrapMechanism, workerCount: workerCount, proof: proof,
            confinement: confinement)
    }
}

/// The reason why there is no token process.
public struct TokenProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// True if a retry would do harm, as with a wrong PIN.
    public let isFinal: Bool
    /// True if the token may be the wrong one for the store.
    public let mayBeAnotherToken: Bool

    public init(_ description: String, isFinal: Bool = false, mayBeAnotherToken: Bool = false) {
        self.description = description
        self.isFinal = isFinal
        self.mayBeAnotherToken = mayBeAnotherToken
    }
}
