/// A bucket of tokens that fills at a constant rate, up to a capacity.
///
/// A plain value: it reads no clock, and its owner guards it.
package struct TokenBucket: Sendable {
    /// The size of a bucket, and how fast it fills.
    package struct Filling: Hashable, Sendable {
        package let capacity: Double
        /// The number of tokens that are added in each period.
        package let tokens: Double
        /// The period in seconds.
        package let period: Double

        package init(capacity: Double, tokens: Double, everySeconds period: Double) {
            self.capacity = capacity
            self.tokens = tokens
            self.period = period
        }
    }

    private var level: Double
    private var filledAt: ContinuousClock.Instant

    /// Creates a full bucket.
    package init(_ filling: Filling, at now: ContinuousClock.Instant) {
        level = filling.capacity
        filledAt = now
    }

    /// Adds the tokens of the time that has passed.
    ///
    /// - Returns: the time until there is one token; `nil` if there is one.
    package mutating func timeToNext(_ filling: Filling, at now: ContinuousClock.Instant) -> Duration? {
        let elapsed = filledAt.duration(to: now) / .seconds(1)
        level = min(filling.capacity, level + max(0, elapsed) * filling.tokens / filling.period)
        filledAt = max(filledAt, now)
        return level >= 1 ? nil : .seconds((1 - level) * filling.period / filling.tokens)
    }

    /// Takes tokens. It may overdraw the bucket; the debt is paid off before the next token.
    package mutating func take(_ count: Int) { level -= Double(count) }

    /// Takes one token, or what is left of one.
    package mutating func takeAtMostOne() { level = max(0, level - 1) }
}
