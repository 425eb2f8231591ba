import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "Measures the service on this machine, as ratios in one run. Started by scripts/bench and scripts/bench-counts.",
        subcommands: [RunCommand.self, CountCommand.self, LoadCommand.self, CompareCommand.self])
}

/// The reason why a measurement failed.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
