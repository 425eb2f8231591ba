/// Why a request is not answered with success, as clients of AWS KMS know it.
public struct AWSFailure: Error, Hashable, Sendable {
    /// The name of the exception, such as `NotFoundException`.
    public let name: String
    /// The HTTP status: 400 for what the caller did wrong, 500 for what is wrong here (AWS JSON 1.1).
    public let status: Int
    /// Nil where AWS says nothing.
    public let message: String?

    public init(_ name: String, status: Int = 400, _ message: String? = nil) {
        self.name = name
        self.status = status
        self.message = message
    }

    static func validation(_ message: String) -> AWSFailure { AWSFailure("ValidationException", message) }

    static func notFound(_ message: String) -> AWSFailure { AWSFailure("NotFoundException", message) }

    static func unsupported(_ message: String? = nil) -> AWSFailure {
        AWSFailure("UnsupportedOperationException", message)
    }

    static func invalidState(_ message: String) -> AWSFailure { AWSFailure("KMSInvalidStateException", message) }

    static let invalidCiphertext = AWSFailure("InvalidCiphertextException")

    static let dryRun = AWSFailure(
        "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")

    static let incorrectKey = AWSFailure(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.")
}
