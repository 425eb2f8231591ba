import HTTPTypes
import KeyManagement

/// What the headers of a request say of who asks: `X-Auth-Token` or `Authorization`; `X-Project`, in which project something is asked,
/// where the credential leaves it open; and `X-Approval`, the approval by which it is done.
///
/// The token is a plain string here, in the memory that the headers have, which nobody zeroes; what lives on is its hash.
struct PresentedCredential {
    /// The token of `X-Auth-Token` or of `Authorization: Bearer`; nil when there is none.
    private(set) var token: String?
    private(set) var project: String?
    private(set) var approval: String?

    /// Goes through the headers once.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when a header comes twice, or both headers of a token come and differ: an intermediary
    ///   and we could else believe different ones.
    init(_ headers: HTTPFields) throws(KMSError) {
        var authorization: String?
        for field in headers {
            // Names are in lower case there (RFC 9110 §5.1).
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

    /// What stands behind `Bearer`, in whatever case (RFC 9110 §11.1); nil for another scheme.
    private static func bearerToken(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
