import HTTPTypes
import KeyManagement

/// The credential headers of a request: `X-Auth-Token` or `Authorization`; `X-Project`, the project of the request if the credential leaves
/// it open; and `X-Approval`, the approval for the operation.
///
/// The token is a plain string in the memory of the headers, which is not zeroed. Only its hash is kept.
struct PresentedCredential {
    /// The token of `X-Auth-Token` or of `Authorization: Bearer`; nil when there is none.
    private(set) var token: String?
    private(set) var project: String?
    private(set) var approval: String?

    /// Reads the headers in one pass.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if a header is duplicated, or if both headers of a token are present and differ. An
    ///   intermediary and the service could otherwise use different ones.
    init(_ headers: HTTPFields) throws(KMSError) {
        var authorization: String?
        for field in headers {
            // Canonical names are in lower case (RFC 9110 §5.1).
            switch field.name.canonicalName {
            case "x-auth-token": try Self.take(field, as: &token)
            case "authorization": try Self.take(field, as: &authorization)
            case "x-project": try Self.take(field, as: &project)
            case "x-approval": try Self.take(field, as: &approval)
            default: break
            }
        }
        guard let bearer = authorization.flatMap(Self.bearerToken) else { return }
        if let token, token != bearer {
            throw .invalidRequest("X-Auth-Token and Authorization have different tokens; send one of them")
        }
        token = bearer
    }

    private static func take(_ field: HTTPField, as value: inout String?) throws(KMSError) {
        guard value == nil else { throw .invalidRequest("the header \(field.name.rawName) comes more than once") }
        value = field.value
    }

    /// Returns the token after `Bearer`, in any case (RFC 9110 §11.1); nil for another scheme.
    private static func bearerToken(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
