import ArgumentParser
import KMSClient

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Who has which role in a project.",
        discussion: """
            viewer lists and describes keys; user also encrypts, decrypts, signs; manager also creates, rotates, changes and destroys \
            keys and their access control. Who has a role through a group has the higher one of both.

            Example: kms role grant manager alice@example.com --in payroll
            Example: kms role grant user --group finance --in payroll
            Example: kms role grant user alice@example.com --account 111122223333
            """,
        subcommands: [RoleGrant.self, RoleRevoke.self, RoleList.self])
}

/// The subject or group that holds a role.
struct RoleHolderOptions: ParsableArguments {
    @Argument(help: "The subject.")
    var subject: String?

    @Option(help: "A group instead of a subject.")
    var group: String?

    @Option(name: .customLong("in"), help: "The project.")
    var place: String?

    @Option(help: "All projects of this account for clients of AWS that exist now, instead of one project.")
    var account: String?

    func path() throws(Failure) -> String {
        guard let place, account == nil else {
            throw Failure(.input, "name either a project, by --in, or an --account")
        }
        return try path(in: place)
    }

    func path(in place: String) throws(Failure) -> String {
        switch (subject, group) {
        case (let subject?, nil): return APIPath.role(ofSubject: subject, in: place)
        case (nil, let group?): return APIPath.role(ofGroup: group, in: place)
        case (nil, nil), (_?, _?): throw Failure(.input, "name either a subject or, by --group, a group")
        }
    }
}

struct RoleGrant: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Give a role, in place of the one that was there.")

    @Argument(help: "viewer, user or manager.")
    var role: String

    @OptionGroup var holder: RoleHolderOptions
    @OptionGroup var options: PlatformOptions

    struct Answer: Decodable {
        let role: String
        let project: String
    }

    func run() async throws {
        guard let account = holder.account, holder.place == nil else { return try await callService() }
        try await reporting {
            try await options.withClient { client in
                for project in try await client.projects(ofAccount: account) {
                    let path = try holder.path(in: project)
                    try show(try await client.send(KMSRequest<Answer>(.put, path, ["role": role])))
                }
            }
        }
    }

    func request() throws -> KMSRequest<Answer> { KMSRequest(.put, try holder.path(), ["role": role]) }

    func show(_ answer: Answer) throws {
        try StandardOutput.write("role \(answer.role) granted in project \(answer.project)\n")
    }
}

struct RoleRevoke: RequestCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Take a role away.")

    @OptionGroup var holder: RoleHolderOptions
    @OptionGroup var options: PlatformOptions

    struct Answer: Decodable {
        let project: String
    }

    func run() async throws {
        guard let account = holder.account, holder.place == nil else { return try await callService() }
        try await reporting {
            try await options.withClient { client in
                for project in try await client.projects(ofAccount: account) {
                    try show(try await client.send(KMSRequest<Answer>(.delete, try holder.path(in: project))))
                }
            }
        }
    }

    func request() throws -> KMSRequest<Answer> { KMSRequest(.delete, try holder.path()) }

    func show(_ answer: Answer) throws { try StandardOutput.write("role revoked in project \(answer.project)\n") }
}

struct RoleList: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who has a role in a project. For its Managers and for administrators.")

    @Argument(help: "The project.")
    var project: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<RolesAnswer> { KMSRequest(.get, APIPath.project(project) + "/roles") }
}

extension RolesAnswer: PrintableAnswer {
    var text: String {
        var table = Table("HOLDER", "ROLE")
        for assignment in roles {
            table.add(assignment.subject ?? "group \(assignment.group ?? "-")", assignment.role)
        }
        return table.text
    }
}
