import PKCS11

/// Measures both loops in turns.
struct TokenMeter {
    let plain: PlainLoop
    let swift: SwiftLoop

    init(_ rig: TokenRig, in session: borrowing Session) throws {
        let keys = try TokenKeys(in: session)
        plain = try PlainLoop(rig, keys)
        swift = SwiftLoop(rig: rig, keys: keys)
    }

    /// Returns the operations per second in plain C.
    func plainRate(_ work: TokenWork, seconds: Double) throws -> Double {
        let piece = 64
        var done = 0
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(seconds) {
            try plain.run(work, piece)
            done += piece
        }
        return Double(done) / ((ContinuousClock.now - start) / .seconds(1))
    }

    struct Comparison {
        let plainRate, swiftRate, ratio: Double
    }

    /// Compares both loops in short turns, which begin with either loop alternately, and returns medians.
    func compare(_ work: TokenWork, turns: Int, seconds: Double, in session: borrowing Session) throws -> Comparison {
        let count = max(16, Int(try plainRate(work, seconds: 0.1) * seconds))
        try swift.run(work, count / 4 + 1, in: session)
        var (plainRates, swiftRates, ratios): ([Double], [Double], [Double]) = ([], [], [])
        for turn in 0..<turns {
            var times = [0.0, 0.0]
            for place in turn.isMultiple(of: 2) ? [0, 1] : [1, 0] {
                let start = ContinuousClock.now
                if place == 0 { try plain.run(work, count) } else { try swift.run(work, count, in: session) }
                times[place] = (ContinuousClock.now - start) / .seconds(1)
            }
            plainRates.append(Double(count) / times[0])
            swiftRates.append(Double(count) / times[1])
            ratios.append(times[0] / times[1])
        }
        return Comparison(plainRate: plainRates.median, swiftRate: swiftRates.median, ratio: ratios.median)
    }
}
