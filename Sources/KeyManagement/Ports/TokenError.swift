/// A failure of the token, as far as the domain distinguishes failures.
package enum TokenError: Error, Hashable, Sendable {
    /// The queue is full, or the deadline passed while waiting. The caller may retry.
    case busy(String)
    /// The token does not answer as it should. The caller may retry when the token is back.
    case unavailable(String)
    /// The ciphertext or material is not authentic.
    case rejected
    /// A wrapped key could not be unwrapped, though its seal was valid.
    case unwrapFailed(String)
    /// The token has not proved that it can do this. The caller sees the text, so it contains no messages of the module.
    case unsupported(String)
    /// Any other failure, with the function and its return value.
    case failed(String)
}
