/// The token that the domain requires: keys are generated, wrapped and used inside it, and records are sealed there.
///
/// No plaintext of a version key crosses this interface, in either direction. A call is a value, and ``perform(_:)`` performs all
/// of them. Each call also has a method, such as ``encrypt(_:with:)``. Every call waits in a bounded queue and has a deadline; a
/// full queue or a missed deadline is ``TokenError/busy(_:)``. The contract suite `TokenContract` tests what an adapter must
/// guarantee.
package protocol Token: Sendable {
    /// The token and its roots, as far as this process knows.
    var identity: TokenIdentity { get }

    /// The algorithms that the token has proved to generate, wrap, unwrap and use.
    var algorithms: Set<KeyAlgorithm> { get }

    /// The subset of ``algorithms`` that the token has also proved for key agreement.
    var agreementAlgorithms: Set<KeyAlgorithm> { get }

    /// The methods of importing material that the token has proved to support.
    var importMethods: Set<ImportMethod> { get }

    /// The public key of the audit key, a P-256 pair in the token; `nil` if the token has none.
    var auditKey: PublicKeyInfo? { get }

    /// Performs a call.
    func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer
}

extension Token where Self: TokenOperations {
    /// Performs a call with the adapter's own operation. Inlined, because every level of asynchronous functions costs.
    @inline(__always)
    package func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        try await call.perform(on: self)
    }
}
