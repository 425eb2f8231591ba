import ArgumentParser

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Measures, prints a table, and says which floors were reached.",
        discussion: "Exit code 1 when a floor was not reached.")

    @Option(help: "An empty folder for tokens, stores and logs. It is left as it is.")
    var folder: String

    @Option(help: "The program that is measured.")
    var kms: String

    @Option(help: "libpkcs11-faulty.so, which plays a network HSM.")
    var faulty: String

    @Option(help: "Which parts, separated by commas.")
    var only: String = Part.allCases.map(\.rawValue).joined(separator: ",")

    @Flag(help: "Shorter, and with 10,000 keys instead of 100,000.")
    var quick = false

    @Option(help: "How many keys the large store of the part 'growth' has, instead of 100,000.")
    var keys: Int?

    @Option(help: "Also writes all of it as JSON into this file.")
    var json: String?

    func validate() throws {
        guard keys ?? 1000 >= 1000 else { throw ValidationError("--keys takes 1000 and more") }
    }

    func run() throws {
        let parts = try only.split(separator: ",").map { name in
            guard let part = Part(rawValue: String(name)) else { throw ValidationError("there is no part '\(name)'") }
            return part
        }
        var pace = quick ? Pace.quick : .full
        if let keys { pace.manyKeys = keys }
        var report = Report()
        let site = Site(folder: folder, product: kms, faultyModule: faulty)
        for part in Part.allCases where parts.contains(part) {
            StandardError.write("bench: \(part.rawValue)")
            do {
                try part.measure(site, pace, &report)
            } catch {
                report.fail(part, "\(error)")
            }
        }
        print(report.text)
        if let json { try report.json().write(to: json) }
        guard report.isGood else { throw ExitCode(1) }
    }
}
