import ArgumentParser
import StorePostgres

struct StoreProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Test what the store's database guarantees.",
        discussion: """
            Reads the facts on which the durability of keys depends from the configured PostgreSQL database: settings, standbys, \
            encryption, rights, clocks. Changes nothing. A warning names its consequence. Exit code 4 if the service would refuse the \
            database.

            Example: kms store probe --store 'postgresql://kms@db.example.com/kms'
            """)

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: StoreConfigurationOptions

    func run() async throws {
        try await reporting {
            guard case .database(let database) = try StoreLocation(try options.settings()) else {
                throw Failure(
                    .configuration,
                    "the store is a file, which 'kms config check' and 'kms store verify' check; this command tests a database"
                )
            }
            let report = try database.report()
            try view.output.show(ReportJSON(report), as: Self.text(report, view.style))
            guard report.isSufficient else {
                throw Failure(.store, "the database \(report.place) is not fit for a key store")
            }
        }
    }

    private static func text(_ report: DatabaseReport, _ style: TextStyle) -> String {
        var table = Table("FACT", "VALUE", "VERDICT")
        for check in report.checks {
            table.add(.text(check.name), .free(check.value), .text(check.verdict.rawValue))
        }
        let explanations = report.checks.compactMap { check in
            check.explanation.map {
                "\(check.verdict.rawValue): \(DisplayText.safe(check.name)): \(DisplayText.safe($0))\n"
            }
        }
        return table.text(in: style) + (explanations.isEmpty ? "" : "\n" + explanations.joined())
    }
}

private struct ReportJSON: Encodable {
    struct Check: Encodable {
        let name: String
        let value: String
        let verdict: String
        let explanation: String?
    }

    let database: String
    let sufficient: Bool
    let checks: [Check]

    init(_ report: DatabaseReport) {
        database = report.place
        sufficient = report.isSufficient
        checks = report.checks.map {
            Check(name: $0.name, value: $0.value, verdict: $0.verdict.rawValue, explanation: $0.explanation)
        }
    }
}

struct StoreSQL: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Print the SQL that prepares a database.",
        discussion: """
            The output makes two roles and an empty schema: the owner changes the schema ('kms init', upgrades), and the service connects \
            as the other, which cannot. A superuser runs it once in the new database; passwords or certificates for the roles are up to \
            the database's own rules.

            Example: kms store sql | psql --dbname kms
            """)

    @Option(help: "The role that owns the schema.")
    var owner = "kms_owner"

    @Option(help: "The role that the service connects as.")
    var service = "kms"

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            let roles: DatabaseRoles
            do throws(PostgresOpenError) {
                roles = try DatabaseRoles(owner: owner, service: service)
            } catch {
                guard case .badURL(let reason) = error else { throw Failure(.input, "\(error)") }
                throw Failure(.input, reason)
            }
            try output.show(["sql": roles.sql], as: roles.sql)
        }
    }
}
