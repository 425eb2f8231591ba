import ArgumentParser
import FoundationEssentials
import KeyManagement

struct BackupRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Replace the store by a backup.",
        discussion: """
            Stop the service first. Verifies the backup and every seal in it with the configured token, and refuses a backup of another \
            token. Lists what going back undoes: keys and versions created since are lost, with all data encrypted under them; versions \
            destroyed since and credentials revoked since come back. The present store is moved aside, never overwritten. The present \
            audit log continues and records that an older store was accepted.

            Example: kms backup restore /srv/backup/kms-2026-11-25 --dry-run
            """)

    @Argument(help: "The backup's folder.")
    var directory: String

    @Flag(help: "Change nothing; print what would be undone.")
    var dryRun = false

    @OptionGroup var confirmation: ConfirmationOption

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let configuration = try Configuration(try options.settings())
            var check = try BackupCheck(directory)
            check.isQuiet = output.json
            let restoration = try Restoration(check, configuration)
            let plan = try await restoration.prepare()
            try write(plan)
            if dryRun { return }
            if !confirmation.yes {
                try Confirmation.ask("The store is replaced by that of \(plan.created).", expecting: "restore")
            }
            let result = try await restoration.run(plan)
            StandardError.write(result + "\n")
        }
    }

    private func write(_ plan: Restoration.Plan) throws {
        if output.json { return try JSONText.write(PlanJSON(plan, backup: directory, isDryRun: dryRun)) }
        var properties = PropertyTable()
        properties.add("backup", "\(directory), created \(plan.created)")
        properties.add(
            "store",
            plan.storeExists ? "\(plan.storePath), which is moved aside" : "\(plan.storePath), which does not exist")
        properties.add("audit chain", plan.chain.text)
        for (name, consequence) in [
            ("lost", StoreDifference.Consequence.lost), ("comes back", .comesBack), ("goes back", .goesBack),
        ] {
            let count = plan.differences.filter { $0.consequence == consequence }.count
            properties.add(name, count == 0 ? "nothing" : "\(count)")
        }
        var table = Table("UNDONE", "WHAT")
        for difference in plan.differences { table.add(.text(difference.consequence.word), .text(difference.detail)) }
        let style = TextStyle.ofStandardOutput(isWide: true)
        try StandardOutput.write(
            properties.text(in: style) + (plan.differences.isEmpty ? "" : "\n" + table.text(in: style)))
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
