/// The findings of a run.
struct Report {
    private(set) var floors: [Floor] = []
    private(set) var measurements: [Measurement] = []
    private(set) var failures: [(part: Part, reason: String)] = []

    /// True if everything was measured and every target reached.
    var isGood: Bool { failures.isEmpty && floors.allSatisfy(\.isReached) }

    mutating func add(_ part: Part, _ name: String, _ values: [Measurement.Value]) {
        measurements.append(Measurement(part: part, name: name, values: values))
        StandardError.write("  \(name): " + values.map(\.text).joined(separator: ", "))
    }

    mutating func floor(
        _ part: Part, _ name: String, _ bound: Floor.Bound, reached: Double, unit: String = "", basis: String = ""
    ) {
        floors.append(Floor(part: part, name: name, bound: bound, reached: reached, unit: unit, basis: basis))
    }

    mutating func fail(_ part: Part, _ reason: String) {
        failures.append((part, reason))
        StandardError.write("bench: \(part.rawValue) was not measured: \(reason)")
    }
}

extension Measurement.Value {
    static func rate(_ number: Double, _ name: String = "rate") -> Self { Self(name: name, number: number, unit: "/s") }
    static func ratio(_ number: Double, _ name: String = "ratio") -> Self { Self(name: name, number: number, unit: "") }
    static func milliseconds(_ name: String, nanoseconds: Double) -> Self {
        Self(name: name, number: nanoseconds / 1e6, unit: "ms")
    }
    static func microseconds(_ name: String, seconds: Double) -> Self {
        Self(name: name, number: seconds * 1e6, unit: "µs")
    }
    static func megabytes(_ name: String, kilobytes: Int) -> Self {
        Self(name: name, number: Double(kilobytes) / 1024, unit: "MB")
    }
    static func seconds(_ name: String, _ number: Double) -> Self { Self(name: name, number: number, unit: "s") }

    var text: String { "\(name) \(NumberText.of(number))\(unit.isEmpty ? "" : " \(unit)")" }
}
