import ArgumentParser

struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Groups of subjects. For platform administrators.",
        discussion: """
            Example: kms group create finance
            Example: kms group add finance alice@example.com
            """,
        subcommands: [
            GroupCreate.self, GroupList.self, GroupShow.self, GroupMembers.self, GroupAdd.self, GroupRemove.self,
            GroupUpdate.self, GroupDelete.self,
        ])
}

private func show(_ group: GroupAnswer, json: Bool) throws {
    if json { return try JSONText.write(group) }
    var sheet = Sheet()
    sheet.add("group", group.name)
    if !group.description.isEmpty { sheet.add("description", group.description) }
    sheet.add("roles", group.roles.rolesText)
    sheet.add("created", group.createdAt)
    sheet.add("changed", group.changedAt)
    try StandardOutput.write(sheet.text)
}

struct GroupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a group.")

    @Argument(help: "The name: 1 to 128 letters, digits and . _ - @ : + =")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            try show(
                try await options.client().post("/api/v1/groups", NamedBody(name: name, description: description)),
                json: json)
        }
    }
}

struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the groups by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try list(try await options.client().get("/api/v1/groups" + pages.query)) }
    }

    @inline(never)
    private func list(_ page: GroupPageAnswer) throws {
        var table = Table("GROUP", "ROLES", "DESCRIPTION")
        for group in page.groups { table.add(group.name, group.roles.rolesText, group.description) }
        try pages.show(page, as: table, next: page.next, command: "kms group list")
    }
}

struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a group.")

    @Argument(help: "The group.")
    var name: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try show(try await options.client().get(PathText.group(name)), json: json) }
    }
}

struct GroupMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "List who is in a group. A page may have fewer than there are on the next.")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            try list(try await options.client().get(PathText.group(name) + "/members" + pages.query))
        }
    }

    @inline(never)
    private func list(_ page: MemberPageAnswer) throws {
        var table = Table("SUBJECT", "KIND", "ENABLED")
        for subject in page.members { table.add(subject.name, subject.kind, subject.enabled ? "yes" : "no") }
        try pages.show(page, as: table, next: page.next, command: "kms group members \(name)")
    }
}

struct GroupAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Put a subject into a group.")

    @Argument(help: "The group.")
    var name: String

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let answer: SubjectAnswer = try await options.client().put(
                PathText.member(subject, of: name), [String: String]())
            try StandardOutput.write("\(answer.name) is in: \(answer.groups.joined(separator: ", "))\n")
        }
    }
}

struct GroupRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a subject out of a group.")

    @Argument(help: "The group.")
    var name: String

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let answer: SubjectAnswer = try await options.client().delete(PathText.member(subject, of: name))
            let groups = answer.groups.isEmpty ? "no group" : answer.groups.joined(separator: ", ")
            try StandardOutput.write("\(answer.name) is in: \(groups)\n")
        }
    }
}

struct GroupUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a group's description.")

    @Argument(help: "The group.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            try show(try await options.client().patch(PathText.group(name), ["description": description]), json: json)
        }
    }
}

struct GroupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a group: it gives nothing any more, and its name is not given again.")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let group: GroupAnswer = try await options.client().delete(PathText.group(name))
            try StandardOutput.write("group \(group.name) deleted\n")
        }
    }
}
