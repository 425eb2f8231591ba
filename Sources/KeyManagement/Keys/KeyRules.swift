/// The settings for the life of keys and for access to them.
package struct KeyRules: Sendable {
    /// The default waiting period of a destruction, in days.
    package var standardDestructionDays: Int
    /// The minimum waiting period, in days.
    package var minDestructionDays: Int
    /// The maximum waiting period, in days.
    package static let maxDestructionDays = 365
    /// The maximum number of encryptions of one AES version.
    package var usageLimit: UsageLimit
    /// The retention time of the answer to an idempotent request.
    package var answerLifetime: Duration
    /// The lifetime of an import job.
    package var importJobLifetime: Duration

    /// True if grants and key policies may name subjects and groups that are not in the directory.
    package var allowsUnlistedPrincipals: Bool

    package static let standard = KeyRules()

    package init(
        standardDestructionDays: Int = 30, minDestructionDays: Int = 7, usageLimit: UsageLimit = .gcm,
        answerLifetime: Duration = .seconds(24 * 3600), importJobLifetime: Duration = .seconds(24 * 3600),
        allowsUnlistedPrincipals: Bool = false
    ) {
        self.standardDestructionDays = standardDestructionDays
        self.minDestructionDays = minDestructionDays
        self.usageLimit = usageLimit
        self.answerLifetime = answerLifetime
        self.importJobLifetime = importJobLifetime
        self.allowsUnlistedPrincipals = allowsUnlistedPrincipals
    }

    /// Returns the time at which a version is destroyed, if that is requested at `now`.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the days are too few or too many.
    func destructionDue(in days: Int?, from now: Timestamp) throws(KMSError) -> Timestamp {
        let days = days ?? max(standardDestructionDays, minDestructionDays)
        guard (minDestructionDays...Self.maxDestructionDays).contains(days) else {
            throw .invalidRequest(
                "a destruction waits \(minDestructionDays) to \(Self.maxDestructionDays) days, not \(days)")
        }
        return now.adding(days: days)
    }
}
