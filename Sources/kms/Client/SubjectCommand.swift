import ArgumentParser
import KMSClient

struct SubjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subject",
        abstract: "Users, service accounts and service agents. For platform administrators.",
        discussion: """
            Example: kms subject create alice@example.com
            Example: kms subject create backup-agent --kind serviceAgent --service backup
            """,
        subcommands: [
            SubjectCreate.self, SubjectList.self, SubjectShow.self, SubjectUpdate.self, SubjectDelete.self,
        ])
}

extension SubjectAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("subject", name)
        table.add("kind", kind + (service.map { " of service \($0)" } ?? ""))
        if !description.isEmpty { table.add("description", description) }
        table.add("enabled", enabled ? "yes" : "no")
        table.add("administrator", administrator ? "yes" : "no")
        table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        table.add("roles", roles.rolesText)
        table.add("created", createdAt)
        table.add("changed", changedAt)
        return table.text
    }
}

struct SubjectCreate: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Add a subject, who has no role and no credential yet.")

    @Argument(help: "The name: 1 to 128 letters, digits and . _ - @ : + =")
    var name: String

    @Option(help: "user (the standard), serviceAccount or serviceAgent.")
    var kind: String?

    @Option(help: "The service of a serviceAgent.")
    var service: String?

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Flag(help: "A platform administrator: manages projects, subjects and roles, and can use no key by that.")
    var administrator = false

    @OptionGroup var output: OutputOptions

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
}

struct SubjectList: ListCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the subjects by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms subject list" }

    func request() -> KMSRequest<SubjectPageAnswer> { KMSRequest(.get, "/api/v1/subjects" + pages.query) }
}

extension SubjectPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("SUBJECT", "KIND", "ENABLED", "ADMINISTRATOR", "GROUPS", "ROLES")
        for subject in subjects {
            table.add(
                subject.name, subject.kind, subject.enabled ? "yes" : "no", subject.administrator ? "yes" : "no",
                subject.groups.isEmpty ? "-" : subject.groups.joined(separator: ","), subject.roles.rolesText)
        }
        return table
    }
}

struct SubjectShow: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a subject.")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.get, APIPath.subject(name)) }
}

struct SubjectUpdate: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a subject; what is disabled is nobody until it is enabled again.")

    @Argument(help: "The subject.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Flag(inversion: .prefixedEnableDisable, help: "Whether the subject counts.")
    var access: Bool?

    @Flag(inversion: .prefixedNo, help: "Whether the subject is a platform administrator.")
    var administrator: Bool?

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let description: String?
        let enabled: Bool?
        let administrator: Bool?
    }

    func request() -> KMSRequest<SubjectAnswer> {
        KMSRequest(
            .patch, APIPath.subject(name),
            Body(description: description, enabled: access, administrator: administrator))
    }
}

struct SubjectDelete: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a subject: its credentials and roles are gone, and its name is not given again.")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.delete, APIPath.subject(name)) }

    func show(_ subject: SubjectAnswer) throws { try StandardOutput.write("subject \(subject.name) deleted\n") }
}

extension [String: String] {
    /// The roles as `project=role, …`, sorted.
    var rolesText: String {
        isEmpty ? "none" : sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}
