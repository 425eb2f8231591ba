import ArgumentParser

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Who has which role in a project.",
        discussion: """
            viewer lists and describes keys; user also encrypts, decrypts, signs; manager also creates, rotates, changes and destroys \
            keys and their access control. Who has a role through a group has the higher one of both.

            Example: kms role grant manager alice@example.com --in payroll
            Example: kms role grant user --group finance --in payroll
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
    var place: String

    func path() throws(Failure) -> String {
        switch (subject, group) {
        case (let subject?, nil): return PathText.role(ofSubject: subject, in: place)
        case (nil, let group?): return PathText.role(ofGroup: group, in: place)
        case (nil, nil), (_?, _?): throw Failure(.input, "name either a subject or, by --group, a group")
        }
    }
}

struct RoleGrant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Give a role, in place of the one that was there.")

    @Argument(help: "viewer, user or manager.")
    var role: String

    @OptionGroup var holder: RoleHolderOptions
    @OptionGroup var options: PlatformOptions

    private struct Answer: Decodable {
        let role: String
        let project: String
    }

    func run() async throws {
        try await reporting {
            let answer: Answer = try await options.client().put(try holder.path(), ["role": role])
            try StandardOutput.write("role \(answer.role) granted in project \(answer.project)\n")
        }
    }
}

struct RoleRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Take a role away.")

    @OptionGroup var holder: RoleHolderOptions
    @OptionGroup var options: PlatformOptions

    private struct Answer: Decodable {
        let project: String
    }

    func run() async throws {
        try await reporting {
            let answer: Answer = try await options.client().delete(try holder.path())
            try StandardOutput.write("role revoked in project \(answer.project)\n")
        }
    }
}

struct RoleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who has a role in a project. For its Managers and for administrators.")

    @Argument(help: "The project.")
    var project: String

    @Flag(help: "JSON instead of a table.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try list(try await options.client().get(PathText.project(project) + "/roles")) }
    }

    @inline(never)
    private func list(_ answer: RolesAnswer) throws {
        if json { return try JSONText.write(answer) }
        var table = Table("HOLDER", "ROLE")
        for assignment in answer.roles {
            table.add(assignment.subject ?? "group \(assignment.group ?? "-")", assignment.role)
        }
        try StandardOutput.write(table.text)
    }
}
