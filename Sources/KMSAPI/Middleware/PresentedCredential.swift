import HTTPTypes
import KeyManagement

extension HTTPField.Name {
    static let xAuthToken = known("X-Auth-Token")
    /// In which project something is asked, where the credential leaves it open.
    static let xProject = known("X-Project")
    /// The approval by which a request is done.
    static let xApproval = known("X-Approval")
}

/// Finds the bearer token in the headers of a request.
///
/// The token is a plain string here, in the memory that the headers have, which nobody zeroes; what lives on is its hash.
enum PresentedCredential {
    /// The token of `X-Auth-Token` or of `Authorization: Bearer`; nil when there is none.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when a header comes twice, or both come and differ: an intermediary and
    ///   we could else believe different ones.
    static func of(_ headers: HTTPFields) throws(KMSError) -> String? {
        let token = try only(.xAuthToken, in: headers)
        let bearer = try only(.authorization, in: headers).flatMap(bearerToken)
        if let token, let bearer, token != bearer {
            throw .invalidRequest("X-Auth-Token and Authorization have different tokens; send one of them")
        }
        return token ?? bearer
    }

    /// The value of a header; nil when it does not come.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when it comes twice.
    static func only(_ name: HTTPField.Name, in headers: HTTPFields) throws(KMSError) -> String? {
        var found: String?
        for field in headers where field.name == name {
            guard found == nil else { throw .invalidRequest("the header \(name.rawName) comes more than once") }
            found = field.value
        }
        return found
    }

    /// What stands behind `Bearer`, in whatever case (RFC 9110 §11.1); nil for another scheme.
    private static func bearerToken(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
