/// Why something could not be done with a key. What is merely not authentic is no error, but an answer.
public enum LibCryptoError: Error, Hashable, Sendable {
    /// The bytes are not the encoding of a key of a known kind, or not its only one.
    case malformed(String)
    /// The input does not fit the key.
    case unfit(String)
    /// The library failed: a defect, or no memory left.
    case failed(String)
}
