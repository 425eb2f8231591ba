/// The reason why an operation on a key failed. Data that is not authentic is a result, not an error.
package enum LibCryptoError: Error, Hashable, Sendable {
    /// The bytes are not the encoding of a key of a known kind, or not its canonical encoding.
    case malformed(String)
    /// The input does not fit the key.
    case unfit(String)
    /// The library failed: a defect, or no memory left.
    case failed(String)
}
