/// Why a state was changed: the revocation reasons of KMIP 2.1 §11.46, as far as they fit keys.
public enum ChangeReason: String, Sendable, CaseIterable {
    case unspecified
    case keyCompromise
    case affiliationChanged
    case superseded
    case cessationOfOperation
    case privilegeWithdrawn
}

/// What is kept of the reason for a change.
public struct ChangeNote: Hashable, Sendable {
    public let reason: ChangeReason
    /// In one's own words; empty when there is nothing to add.
    public let comment: KeyDescription

    public init(reason: ChangeReason, comment: KeyDescription = .none) {
        self.reason = reason
        self.comment = comment
    }
}
