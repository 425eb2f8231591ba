import ArgumentParser
import KMSClient
import KeyManagement

struct WhoAmICommand: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show what the service knows of who asks.")

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<WhoAmIAnswer> { KMSRequest(.get, "/api/v1/whoami") }
}

extension WhoAmIAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("subject", subject)
        table.add("kind", kind + (service.map { " of service \($0)" } ?? ""))
        table.add("administrator", administrator ? "yes" : "no")
        table.add("project", project ?? "none chosen")
        table.add("role", role ?? "none")
        table.add("all roles", roles.rolesText)
        table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        table.add("authenticated by", authentication ?? "-")
        table.add("from", ifAny: source)
        return table.text
    }
}

struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Why somebody may do something, or not. For platform administrators.",
        subcommands: [AccessExplain.self])
}

struct AccessExplain: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say which rule decides, and why. Nothing is done.",
        discussion: """
            Verbs: \(Verb.allCases.filter(\.isOfProject).map(\.rawValue).joined(separator: ", ")).

            Example: kms access explain alice@example.com payroll decrypt --project default
            """)

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var key: KeyArgument

    @Argument(help: "What would be done.")
    var verb: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<ExplanationAnswer> {
        KMSRequest(.post, "/api/v1/access/explain", ["subject": subject, "key": key.reference, "verb": verb])
    }
}

extension ExplanationAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("decision", allowed ? "allowed" : hidden ? "denied, as if there were no such key" : "denied")
        table.add("because", reason)
        table.add("subject", subject)
        table.add("role", "\(role ?? "none") in \(project)")
        table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        table.add("verb", verb)
        table.add("key", ifAny: keyId)
        return table.text
    }
}

struct ServiceKeyCommand: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-key", abstract: "Get the one key of a service in a project; made when there is none yet.",
        discussion: """
            For the agents of services. The key is of AES256-GCM96 and rotated every 365 days by the system; the project's people see \
            it and cannot change it.
            """)

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAnswer> { KMSRequest(.put, "/api/v1/service-key", [String: String]()) }
}
