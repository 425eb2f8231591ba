import ArgumentParser
import KMSClient

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Grant, revoke and list roles in a project.",
        discussion: """
            viewer: list and describe keys. user: also encrypt, decrypt and sign. manager: also create, rotate, change and destroy keys, \
            and change their access control. A subject with several roles, directly or by groups, has the highest of them.

            Example: kms role grant manager alice@example.com --project payroll
            Example: kms role grant user --group finance --project payroll
            """,
        subcommands: [RoleGrant.self, RoleRevoke.self, RoleList.self])
}

/// The project of a role.
struct RoleProjectOption: ParsableArguments {
    @OptionGroup var project: ProjectOption

    @Option(name: .customLong("in"), help: .hidden)
    var oldName: String?

    var isGiven: Bool { oldName != nil || project.project != nil }

    /// - Parameter connection: the options that select the service, whose context may name the project.
    func name(_ connection: ConnectionOptions) throws(Failure) -> String {
        if let oldName {
            RenamedOption.note("--in", "--project")
            return oldName
        }
        guard let name = try connection.selection(credential: nil, project: project).configuration.project else {
            throw Failure(.input, "no project: set --project or KMS_PROJECT")
        }
        return name
    }
}

/// The subject or group that holds a role, and where.
struct RoleHolderOptions: ParsableArguments {
    @Argument(help: "The subject.")
    var subject: String?

    @Option(help: "A group instead of a subject.")
    var group: String?

    @OptionGroup var place: RoleProjectOption

    @Option(help: "All present projects of this account for AWS clients, instead of one project.")
    var account: String?

    /// Throws unless one holder and one place is named.
    func check(_ connection: ConnectionOptions) throws(Failure) {
        guard (subject == nil) != (group == nil) else {
            throw Failure(.input, "name either a subject or a group (--group)")
        }
        guard account == nil || !place.isGiven else {
            throw Failure(.input, "--account and --project exclude each other")
        }
        if account == nil { _ = try place.name(connection) }
    }

    /// Returns the projects, which are several only for an account.
    func projects(_ connection: ConnectionOptions, _ client: KMSClient) async throws -> [String] {
        if let account { return try await client.projects(ofAccount: account) }
        return [try place.name(connection)]
    }

    /// The path of the holder's role in a project.
    func path(in project: String) -> String {
        if let group { return APIPath.role(ofGroup: group, in: project) }
        return APIPath.role(ofSubject: subject ?? "", in: project)
    }

    var name: String { subject ?? group.map { "group \($0)" } ?? "" }

    func holds(_ role: RolesAnswer.Assignment) -> Bool {
        subject.map { $0 == role.subject } ?? (group == role.group)
    }
}

/// A command that changes the role of one holder, in one project or in all of an account.
protocol RoleChangeCommand: AsyncParsableCommand {
    associatedtype Answer: Codable & Sendable

    var holder: RoleHolderOptions { get }
    var output: OutputOptions { get }
    var options: PlatformOptions { get }

    func check() throws

    /// Asks for confirmation, if the change needs one.
    func confirm(in projects: [String], _ client: KMSClient) async throws

    func request(in project: String) -> KMSRequest<Answer>

    func summary(_ answer: Answer) -> String
}

/// The changes in all projects of an account.
private struct RoleChanges<Answer: Encodable>: Encodable {
    let roles: [Answer]
}

extension RoleChangeCommand {
    func run() async throws {
        try await reporting {
            try apart { try check() }
            try apart { try holder.check(options.connection) }
            let answers = try await options.withClient { client in try await change(by: client) }
            try apart { try show(answers) }
        }
    }

    private func change(by client: KMSClient) async throws -> [Answer] {
        let projects = try await holder.projects(options.connection, client)
        try await confirm(in: projects, client)
        var answers: [Answer] = []
        for project in projects { answers.append(try await client.send(request(in: project))) }
        return answers
    }

    private func show(_ answers: [Answer]) throws {
        let text = answers.map { DisplayText.safe(summary($0)) + "\n" }.joined()
        guard holder.account == nil, let answer = answers.first else {
            return try output.show(RoleChanges(roles: answers), as: text)
        }
        try output.show(answer, as: text)
    }
}

struct RoleGrant: RoleChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Grant a role, replacing the holder's present one.",
        discussion: """
            Example: kms role grant user bob@example.com --project payroll
            Example: kms role grant user bob@example.com --account 111122223333
            """)

    @Argument(help: "viewer, user or manager.")
    var role: String

    @OptionGroup var holder: RoleHolderOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    struct Answer: Codable {
        let role: String
        let project: String
        let subject: String?
        let group: String?
    }

    func check() {}

    func confirm(in projects: [String], _ client: KMSClient) {}

    func request(in project: String) -> KMSRequest<Answer> {
        KMSRequest(.put, holder.path(in: project), ["role": role])
    }

    func summary(_ answer: Answer) -> String { "Granted \(holder.name) the role \(answer.role) in \(answer.project)" }
}

struct RoleRevoke: RoleChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a role.",
        discussion: "Example: kms role revoke bob@example.com --project payroll")

    @OptionGroup var holder: RoleHolderOptions
    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    struct Answer: Codable {
        let project: String
        let subject: String?
        let group: String?
    }

    func check() throws { if !confirmation.yes { try Confirmation.requireTerminal() } }

    func confirm(in projects: [String], _ client: KMSClient) async throws {
        guard !confirmation.yes else { return }
        var table = Table("PROJECT", "ROLE")
        for project in projects {
            let roles = try await client.send(KMSRequest<RolesAnswer>(.get, APIPath.project(project) + "/roles"))
            table.add(.text(project), .text(roles.roles.first(where: holder.holds)?.role, else: "none"))
        }
        let lost = table.text(in: .ofStandardOutput(isWide: false))
        try apart {
            try Confirmation.ask(
                "\(holder.name) loses these roles, and with them the use of keys:\n" + lost,
                expecting: holder.subject ?? holder.group ?? "")
        }
    }

    func request(in project: String) -> KMSRequest<Answer> { KMSRequest(.delete, holder.path(in: project)) }

    func summary(_ answer: Answer) -> String { "Revoked the role of \(holder.name) in \(answer.project)" }
}

struct RoleList: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the roles in a project.",
        discussion: """
            Requires the role manager in the project or the platform administrator role.

            Example: kms role list --project payroll
            """)

    // The earlier form: the project as an argument.
    @Argument(help: .hidden)
    var oldName: String?

    @OptionGroup var place: RoleProjectOption
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() throws -> KMSRequest<RolesAnswer> {
        if let oldName { RenamedOption.note("role list \(oldName)", "'kms role list --project \(oldName)'") }
        return KMSRequest(.get, APIPath.project(try oldName ?? place.name(options.connection)) + "/roles")
    }
}

extension RolesAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = Table("HOLDER", "ROLE")
        for assignment in roles {
            table.add(.text(assignment.subject ?? "group \(assignment.group ?? "-")"), .text(assignment.role))
        }
        return table.text(in: style)
    }
}
