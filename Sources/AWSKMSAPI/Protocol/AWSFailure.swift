/// An error that a request is answered with, as clients of AWS KMS know it.
package struct AWSFailure: Error, Hashable, Sendable {
    /// The name of the exception, such as `NotFoundException`.
    package let name: String
    /// The HTTP status: 400 for errors of the caller, 500 for errors of the service (AWS JSON 1.1).
    package let status: Int
    /// The message; nil if AWS sends none.
    package let message: String?

    package init(_ name: String, status: Int = 400, _ message: String? = nil) {
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
