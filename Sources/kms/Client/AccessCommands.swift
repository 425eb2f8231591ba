import ArgumentParser
import KMSClient
import KeyManagement

struct WhoAmICommand: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show the caller's identity and roles.", discussion: "Example: kms whoami")

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<WhoAmIAnswer> { KMSRequest(.get, "/api/v1/whoami") }
}

extension WhoAmIAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("subject", subject)
        table.add("kind", kind + (service.map { " of service \($0)" } ?? ""))
        table.add("administrator", administrator ? "yes" : "no")
        table.add("project", project ?? "none")
        table.add("role", role ?? "none")
        table.add("all roles", roles.rolesText)
        table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        table.add("authenticated by", authentication ?? "-")
        table.add("from", ifAny: source)
        return table.text(in: style)
    }
}

struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Explain access decisions.",
        subcommands: [AccessExplain.self])
}

struct AccessExplain: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain whether a subject may perform an operation.",
        discussion: """
            Requires the platform administrator role. The operation is not performed.

            Verbs: \(Verb.allCases.filter(\.isOfProject).map(\.rawValue).joined(separator: ", ")).

            Example: kms access explain alice@example.com payroll decrypt --project default
            """)

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var key: KeyArgument

    @Argument(help: "The operation, one of the verbs above.")
    var verb: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<ExplanationAnswer> {
        KMSRequest(.post, "/api/v1/access/explain", ["subject": subject, "key": key.reference, "verb": verb])
    }
}

extension ExplanationAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("decision", allowed ? "allowed" : hidden ? "denied, as if the key did not exist" : "denied")
        table.add("because", reason)
        table.add("subject", subject)
        table.add("role", "\(role ?? "none") in \(project)")
        table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        table.add("verb", verb)
        table.add("key", ifAny: keyId)
        return table.text(in: style)
    }
}

struct ServiceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-key", abstract: "Manage the key of a service agent in a project.",
        discussion: """
            Requires a service agent's credential. The key has the algorithm AES256-GCM96 and is rotated every 365 days. Subjects of the \
            project see it and cannot change it.
            """,
        subcommands: [ServiceKeyEnsure.self, ServiceKeyOld.self], defaultSubcommand: ServiceKeyOld.self)
}

struct ServiceKeyOld: RenamedCommand {
    static let newName = "service-key ensure"
    static let configuration = CommandConfiguration.renamed("get", to: newName)

    @OptionGroup var command: ServiceKeyEnsure
}

struct ServiceKeyEnsure: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "ensure", abstract: "Show the service's key, creating it if missing.",
        discussion: "Example: kms service-key ensure --project payroll")

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAnswer> { KMSRequest(.put, "/api/v1/service-key", [String: String]()) }
}
