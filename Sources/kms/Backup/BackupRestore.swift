import ArgumentParser
import FoundationEssentials
import Glibc
import KeyManagement

struct BackupRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the store.",
        discussion: """
            For a stopped service. Checks the backup and every seal in it with the configured token first, and refuses another token's \
            backup. Tells what is undone by going back: keys and versions made since are lost with all that was encrypted under them; \
            versions destroyed since, and credentials revoked since, come back. The present store is moved aside, never overwritten; the \
            present audit chain goes on, and says that an older store was accepted.

            Example: kms backup restore /srv/backup/kms-2026-11-25 --dry-run
            """)

    @Argument(help: "The backup's folder.")
    var directory: String

    @Flag(help: "Only tell what would be undone.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let configuration = try Configuration(try options.settings())
            var check = try BackupCheck(directory)
            check.isQuiet = output.json
            let restoration = Restoration(check, configuration)
            let plan = try await restoration.prepare()
            try write(plan)
            if dryRun { return }
            guard yes || Self.confirms(plan) else {
                throw Failure(.other, "nothing was changed; say --yes where nobody can be asked")
            }
            let result = try await restoration.run(plan)
            StandardError.write(result + "\n")
        }
    }

    private func write(_ plan: Restoration.Plan) throws {
        if output.json { return try JSONText.write(PlanJSON(plan, backup: directory, isDryRun: dryRun)) }
        var properties = PropertyTable()
        properties.add("backup", "\(directory), of \(plan.created)")
        properties.add(
            "store",
            plan.storeExists ? "\(plan.storePath), which is moved aside" : "\(plan.storePath), which is not there")
        properties.add("audit chain", plan.chain.text)
        for (name, consequence) in [
            ("lost", StoreDifference.Consequence.lost), ("comes back", .comesBack), ("goes back", .goesBack),
        ] {
            let count = plan.differences.filter { $0.consequence == consequence }.count
            properties.add(name, count == 0 ? "nothing" : "\(count)")
        }
        var table = Table("UNDONE", "WHAT")
        for difference in plan.differences { table.add(difference.consequence.word, difference.detail) }
        try StandardOutput.write(properties.text + (plan.differences.isEmpty ? "" : "\n" + table.text))
    }

    private static func confirms(_ plan: Restoration.Plan) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        StandardError.write("Restore the store of \(plan.created)? Type 'restore' to go on: ")
        return readLine() == "restore"
    }
}

extension StoreDifference.Consequence {
    var word: String {
        switch self {
        case .lost: "lost"
        case .comesBack: "COMES BACK"
        case .goesBack: "goes back"
        }
    }
}

private struct PlanJSON: Encodable {
    struct Difference: Encodable {
        let consequence: String
        let kind: String
        let name: String
        let detail: String
    }

    let backup: String
    let created: String
    let store: String
    let auditChain: String
    let isDryRun: Bool
    let undone: [Difference]

    init(_ plan: Restoration.Plan, backup: String, isDryRun: Bool) {
        self.backup = backup
        self.isDryRun = isDryRun
        created = plan.created
        store = plan.storePath
        auditChain = plan.chain.text
        undone = plan.differences.map {
            Difference(consequence: $0.consequence.rawValue, kind: $0.kind, name: $0.name, detail: $0.detail)
        }
    }
}
