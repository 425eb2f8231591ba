import ArgumentParser
import KMSClient

struct SubjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subject", abstract: "Manage users, service accounts and service agents.",
        discussion: """
            Requires the platform administrator role.

            Example: kms subject create alice@example.com
            Example: kms subject create backup-agent --kind serviceAgent --service backup
            """,
        subcommands: [
            SubjectCreate.self, SubjectList.self, SubjectShow.self, SubjectUpdate.self, SubjectEnable.self,
            SubjectDisable.self, SubjectDelete.self,
        ])
}

extension SubjectAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("subject", name)
        table.add("kind", kindText)
        if !description.isEmpty { table.add("description", description) }
        table.add("enabled", enabled ? "yes" : "no")
        table.add("administrator", administrator ? "yes" : "no")
        table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        table.add("roles", roles.rolesText)
        table.add("created", .time(createdAt))
        table.add("changed", .time(changedAt))
        return table.text(in: style)
    }

    var kindText: String { kind + (service.map { " of service \($0)" } ?? "") }
}

struct SubjectCreate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a subject, without roles and credentials.",
        discussion: "Example: kms subject create alice@example.com")

    @Argument(help: "The name: 1 to 128 letters, digits and . _ - @ : + =")
    var name: String

    @Option(help: "user, serviceAccount or serviceAgent. [user]")
    var kind: String?

    @Option(help: "The service of a serviceAgent.")
    var service: String?

    @Option(help: "A description, up to 1024 bytes.")
    var description: String?

    @Flag(help: "Give the platform administrator role, which itself grants no use of keys.")
    var administrator = false

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let name: String
        let kind: String?
        let service: String?
        let description: String?
        let administrator: Bool?
    }

    func request() -> KMSRequest<SubjectAnswer> {
        KMSRequest(
            .post, "/api/v1/subjects",
            Body(
                name: name, kind: kind, service: service, description: description,
                administrator: administrator ? true : nil))
    }

    func summary(_ subject: SubjectAnswer, _ style: TextStyle) -> String {
        "Created \(subject.name) (\(subject.kindText)\(subject.administrator ? ", platform administrator" : ""))"
    }
}

struct SubjectList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the subjects by name.", discussion: "Example: kms subject list --all")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<SubjectPageAnswer> {
        KMSRequest(.get, "/api/v1/subjects" + APIPath.query(page))
    }
}

extension SubjectPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("SUBJECT", "KIND", "ENABLED", "ADMIN", "GROUPS", "ROLES", .wide("CREATED"))
        for subject in subjects {
            table.add(
                .text(subject.name), .text(subject.kind), subject.enabled ? "yes" : "no",
                subject.administrator ? "yes" : "no",
                subject.groups.isEmpty ? .none() : .free(subject.groups.joined(separator: ",")),
                .free(subject.roles.rolesText), .time(subject.createdAt))
        }
        return table
    }
}

struct SubjectShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a subject.", discussion: "Example: kms subject show alice@example.com")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.get, APIPath.subject(name)) }
}

extension [String: String] {
    /// The roles as `project=role, …`, sorted.
    var rolesText: String {
        isEmpty ? "none" : sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}
