import ArgumentParser
import KMSClient

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

extension GroupAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("group", name)
        if !description.isEmpty { table.add("description", description) }
        table.add("roles", roles.rolesText)
        table.add("created", createdAt)
        table.add("changed", changedAt)
        return table.text
    }
}

struct GroupCreate: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a group.")

    @Argument(help: "The name: 1 to 128 letters, digits and . _ - @ : + =")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let name: String
        let description: String?
    }

    func request() -> KMSRequest<GroupAnswer> {
        KMSRequest(.post, "/api/v1/groups", Body(name: name, description: description))
    }
}

struct GroupList: ListCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the groups by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms group list" }

    func request() -> KMSRequest<GroupPageAnswer> { KMSRequest(.get, "/api/v1/groups" + pages.query) }
}

extension GroupPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("GROUP", "ROLES", "DESCRIPTION")
        for group in groups { table.add(group.name, group.roles.rolesText, group.description) }
        return table
    }
}

struct GroupShow: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a group.")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<GroupAnswer> { KMSRequest(.get, APIPath.group(name)) }
}

struct GroupMembers: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "List who is in a group. A page may have fewer than there are on the next.")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms group members \(name)" }

    func request() -> KMSRequest<MemberPageAnswer> { KMSRequest(.get, APIPath.group(name) + "/members" + pages.query) }
}

extension MemberPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("SUBJECT", "KIND", "ENABLED")
        for subject in members { table.add(subject.name, subject.kind, subject.enabled ? "yes" : "no") }
        return table
    }
}

struct GroupAdd: RequestCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Put a subject into a group.")

    @Argument(help: "The group.")
    var name: String

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> {
        KMSRequest(.put, APIPath.member(subject, of: name), [String: String]())
    }

    func show(_ answer: SubjectAnswer) throws {
        try StandardOutput.write("\(answer.name) is in: \(answer.groups.joined(separator: ", "))\n")
    }
}

struct GroupRemove: RequestCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a subject out of a group.")

    @Argument(help: "The group.")
    var name: String

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.delete, APIPath.member(subject, of: name)) }

    func show(_ answer: SubjectAnswer) throws {
        let groups = answer.groups.isEmpty ? "no group" : answer.groups.joined(separator: ", ")
        try StandardOutput.write("\(answer.name) is in: \(groups)\n")
    }
}

struct GroupUpdate: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a group's description.")

    @Argument(help: "The group.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<GroupAnswer> {
        KMSRequest(.patch, APIPath.group(name), ["description": description])
    }
}

struct GroupDelete: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a group: it gives nothing any more, and its name is not given again.")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<GroupAnswer> { KMSRequest(.delete, APIPath.group(name)) }

    func show(_ group: GroupAnswer) throws { try StandardOutput.write("group \(group.name) deleted\n") }
}
