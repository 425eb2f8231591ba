/// A target that a release must reach.
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
    /// The unit of `reached` and of the bound; empty for a ratio.
    let unit: String
    /// The basis of the target.
    let basis: String

    var isReached: Bool { bound.holds(reached) }
}

/// A measurement and its values, each with a unit.
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
