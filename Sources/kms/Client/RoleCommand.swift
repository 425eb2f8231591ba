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

    func name() throws(Failure) -> String {
        if let oldName {
            RenamedOption.note("--in", "--project")
            return oldName
        }
        guard let name = project.name else { throw Failure(.input, "no project: set --project or KMS_PROJECT") }
        return name
    }
}

/// The subject or group that holds a role, and the project.
struct RoleHolderOptions: ParsableArguments {
    @Argument(help: "The subject.")
    var subject: String?

    @Option(help: "A group instead of a subject.")
    var group: String?

    @OptionGroup var place: RoleProjectOption

    func path() throws(Failure) -> String {
        switch (subject, group) {
        case (let subject?, nil): return APIPath.role(ofSubject: subject, in: try place.name())
        case (nil, let group?): return APIPath.role(ofGroup: group, in: try place.name())
        case (nil, nil), (_?, _?): throw Failure(.input, "name either a subject or a group (--group)")
        }
    }

    var name: String { subject ?? group.map { "group \($0)" } ?? "-" }
}

struct RoleGrant: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Grant a role, replacing the holder's present one.",
        discussion: "Example: kms role grant user bob@example.com --project payroll")

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

    func request() throws -> KMSRequest<Answer> { KMSRequest(.put, try holder.path(), ["role": role]) }

    func summary(_ answer: Answer) -> String { "Granted \(holder.name) the role \(answer.role) in \(answer.project)" }
}

struct RoleRevoke: LineCommand, IrreversibleCommand {
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

    func request() throws -> KMSRequest<Answer> { KMSRequest(.delete, try holder.path()) }

    func summary(_ answer: Answer) -> String { "Revoked the role of \(holder.name) in \(answer.project)" }

    func loss(by client: KMSClient) async throws -> Loss {
        let project = try apart { try holder.place.name() }
        let roles = try await client.send(KMSRequest<RolesAnswer>(.get, APIPath.project(project) + "/roles"))
        return try apart {
            let held = roles.roles.first { role in
                holder.subject.map { $0 == role.subject } ?? (holder.group == role.group)
            }
            return Loss(
                description: "\(holder.name) loses the role \(held?.role ?? "-") in project '\(project)', "
                    + "and with it the use of keys there.",
                name: holder.subject ?? holder.group ?? "")
        }
    }
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
        return KMSRequest(.get, APIPath.project(try oldName ?? place.name()) + "/roles")
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
