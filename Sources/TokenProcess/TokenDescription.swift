public import KeyManagement

/// What a process tells of its token when it has opened it.
public struct TokenDescription: Sendable {
    public let identity: TokenIdentity
    public let algorithms: Set<KeyAlgorithm>
    public let agreementAlgorithms: Set<KeyAlgorithm>
    public let importMethods: Set<ImportMethod>
    public let auditKey: PublicKeyInfo?
    public let wrapMechanism: WrapMechanism?
    public let workerCount: Int
    /// What the token proved, in the words of whoever opened it: handed to the next process, which need not have it proved again.
    public let proof: [UInt8]
    /// What was taken from the process before it opened the token, for the log.
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

/// Why there is no token process.
public struct TokenProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// Whether trying again would do harm, as with a wrong PIN.
    public let isFinal: Bool
    /// Whether it may be the wrong token for the store.
    public let mayBeAnotherToken: Bool

    public init(_ description: String, isFinal: Bool = false, mayBeAnotherToken: Bool = false) {
        self.description = description
        self.isFinal = isFinal
        self.mayBeAnotherToken = mayBeAnotherToken
    }
}
