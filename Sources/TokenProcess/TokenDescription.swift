package import KeyManagement

/// The description of a token that a process sends after opening it.
package struct TokenDescription: Sendable {
    package let identity: TokenIdentity
    package let algorithms: Set<KeyAlgorithm>
    package let agreementAlgorithms: Set<KeyAlgorithm>
    package let importMethods: Set<ImportMethod>
    package let auditKey: PublicKeyInfo?
    package let wrapMechanism: WrapMechanism?
    package let workerCount: Int
    /// The result of the token's probe, in the encoding of the process that ran it. It is passed to the next process, which need
    /// not probe again.
    package let proof: [UInt8]
    /// The rights that the process gave up before it opened the token, for the log.
    package let confinement: String
}

extension TokenDescription {
    package init(
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
package struct TokenProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// True if a retry would do harm, as with a wrong PIN.
    package let isFinal: Bool
    /// True if the token may be the wrong one for the store.
    package let mayBeAnotherToken: Bool

    package init(_ description: String, isFinal: Bool = false, mayBeAnotherToken: Bool = false) {
        self.description = description
        self.isFinal = isFinal
        self.mayBeAnotherToken = mayBeAnotherToken
    }
}
