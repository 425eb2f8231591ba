import ArgumentParser

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Holds two builds of the service against each other.",
        discussion: """
            Runs a service of each, and puts load on one and the other in turns, many short rounds, so that what else goes on on the \
            machine hits both. Prints the medians of the rounds, and of the ratios of the second to the first.
            """)

    @OptionGroup var options: LoadOptions

    @Option(help: "The program before.")
    var before: String

    @Option(help: "The program after.")
    var after: String

    @Option(help: "data-key, decrypt, encrypt, sign, batch or health; separated by commas.")
    var work = "decrypt"

    @Option(help: "How many rounds.")
    var rounds = 20

    @Option(help: "How many seconds each takes.")
    var seconds = 0.5

    func run() throws {
        let services = try [before, after].enumerated().map { (place, product) throws in
            try Machine(Site(folder: options.folder, product: product, faultyModule: ""), "compare-\(place)")
                .serve(options.serviceSettings)
        }
        defer { for service in services { service.stop() } }
        let desks = try services.map { (service) throws in try RequestDesk(service) }
        for work in work.split(separator: ",") {
            let lists = try desks.map { (desk) throws in try desk.list(String(work)) }
            let results = try (0..<rounds).map { (_) throws in
                try zip(lists, services).map { (list, service) throws in
                    try Load(connections: options.connections, seconds: seconds, warmup: 0.1).run(list, on: service)
                        .allGood()
                }
            }
            let (first, second) = (results.map { $0[0] }, results.map { $0[1] })
            print(work)
            Self.tell("rate, /s", first.map(\.rate), second.map(\.rate))
            Self.tell("cpu, µs", first.map { $0.serverCPUEach * 1e6 }, second.map { $0.serverCPUEach * 1e6 })
            Self.tell("p99, ms", first.map { $0.latency.p99 / 1e6 }, second.map { $0.latency.p99 / 1e6 })
        }
    }

    private static func tell(_ what: String, _ before: [Double], _ after: [Double]) {
        let ratios = zip(before, after).map { $1 / $0 }.sorted()
        let parts = [
            "before \(NumberText.of(before.median))", "after \(NumberText.of(after.median))",
            "ratio \(NumberText.of(ratios.median))",
            "(\(NumberText.of(ratios[ratios.count / 4])) to \(NumberText.of(ratios[ratios.count * 3 / 4])))",
        ]
        print("  \(what): \(parts.joined(separator: "  "))")
    }
}
