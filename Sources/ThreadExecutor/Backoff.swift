/// How long to wait before the next attempt: from a tenth of a second up, twice as long each time, two seconds at most, and between half
/// and all of it by chance, so that many services do not come back to one HSM in step.
package struct Backoff: Sendable {
    package private(set) var attempts = 0

    package init() {}

    package static let first = Duration.milliseconds(100)
    package static let longest = Duration.seconds(2)

    /// - Parameter chance: 0 to 1.
    package mutating func next(chance: Double = .random(in: 0...1)) -> Duration {
        let doubled = Self.first * (1 << min(attempts, 16))
        attempts += 1
        return min(doubled, Self.longest) * (0.5 + chance / 2)
    }
}
