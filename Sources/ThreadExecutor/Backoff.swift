/// The wait before the next attempt: from a tenth of a second, doubled each time, up to two seconds. A random factor between one half and
/// one keeps many services from returning to one HSM in step.
package struct Backoff: Sendable {
    package private(set) var attempts = 0

    package init() {}

    package static let firstWait = Duration.milliseconds(100)
    package static let maxWait = Duration.seconds(2)

    /// Returns the next wait.
    ///
    /// - Parameter chance: 0 to 1.
    package mutating func next(chance: Double = .random(in: 0...1)) -> Duration {
        let doubled = Self.firstWait * (1 << min(attempts, 16))
        attempts += 1
        return min(doubled, Self.maxWait) * (0.5 + chance / 2)
    }
}
