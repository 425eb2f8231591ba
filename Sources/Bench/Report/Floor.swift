/// What a release has to reach.
struct Floor {
    enum Bound {
        case atLeast(Double)
        case atMost(Double)

        func holds(_ value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }
    }

    let part: Part
    let name: String
    let bound: Bound
    let reached: Double
    /// What `reached` and the bound are counted in; empty for a ratio.
    let unit: String
    /// From what it follows.
    let basis: String

    var isReached: Bool { bound.holds(reached) }
}

/// Something that was measured, in so many of a unit.
struct Measurement {
    struct Value {
        let name: String
        let number: Double
        let unit: String
    }

    let part: Part
    let name: String
    let values: [Value]
}
