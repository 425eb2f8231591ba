/// What an operator may configure of the life of keys.
public struct KeyRules: Sendable {
    /// How many days a destruction waits unless something else is asked.
    public var standardDestructionDays: Int
    /// The fewest days that may be asked for.
    public var leastDestructionDays: Int
    /// The most.
    public static let mostDestructionDays = 365
    /// How often one AES version may encrypt.
    public var usageLimit: UsageLimit
    /// How long the answer to a repeatable request is kept.
    public var answerLifetime: Duration
    /// How long material can be brought under an import job.
    public var importJobLifetime: Duration

    public static let standard = KeyRules()

    public init(
        standardDestructionDays: Int = 30, leastDestructionDays: Int = 7, usageLimit: UsageLimit = .gcm,
        answerLifetime: Duration = .seconds(24 * 3600), importJobLifetime: Duration = .seconds(24 * 3600)
    ) {
        self.standardDestructionDays = standardDestructionDays
        self.leastDestructionDays = leastDestructionDays
        self.usageLimit = usageLimit
        self.answerLifetime = answerLifetime
        self.importJobLifetime = importJobLifetime
    }

    /// When a version is destroyed of which this is asked at `now`.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when the days are too few or too many.
    func destructionDue(in days: Int?, from now: Timestamp) throws(KMSError) -> Timestamp {
        let days = days ?? max(standardDestructionDays, leastDestructionDays)
        guard (leastDestructionDays...Self.mostDestructionDays).contains(days) else {
            throw .invalidRequest(
                "a destruction waits \(leastDestructionDays) to \(Self.mostDestructionDays) days, not \(days)")
        }
        return now.adding(days: days)
    }
}
