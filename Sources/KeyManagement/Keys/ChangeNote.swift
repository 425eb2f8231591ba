/// The reason for a change of state: the revocation reasons of KMIP 2.1 §11.46 that fit keys.
package enum ChangeReason: String, Sendable, CaseIterable {
    case unspecified
    case keyCompromise
    case affiliationChanged
    case superseded
    case cessationOfOperation
    case privilegeWithdrawn
}

/// The recorded reason for a change, with a comment.
package struct ChangeNote: Hashable, Sendable {
    package let reason: ChangeReason
    /// The comment in the caller's own words; empty if there is none.
    package let comment: KeyDescription

    package init(reason: ChangeReason, comment: KeyDescription = .none) {
        self.reason = reason
        self.comment = comment
    }
}
