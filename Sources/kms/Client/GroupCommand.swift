import ArgumentParser
import KMSClient

struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Manage groups of subjects.",
        discussion: """
            Requires the platform administrator role.

            Example: kms group create finance
            Example: kms group member add finance alice@example.com
            """,
        subcommands: [
            GroupCreate.self, GroupList.self, GroupShow.self, GroupUpdate.self, GroupDelete.self,
            GroupMemberCommand.self, GroupMembers.self, GroupAdd.self, GroupRemove.self,
        ])
}

extension GroupAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("group", name)
        if !description.isEmpty { table.add("description", description) }
        table.add("roles", roles.rolesText)
        table.add("created", .time(createdAt))
        table.add("changed", .time(changedAt))
        return table.text(in: style)
    }
}

struct GroupCreate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a group.", discussion: "Example: kms group create finance")

    @Argument(help: "The name: 1 to 128 letters, digits and . _ - @ : + =")
    var name: String

    @Option(help: "A description, up to 1024 bytes.")
    var description: String?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let name: String
        let description: String?
    }

    func request() -> KMSRequest<GroupAnswer> {
        KMSRequest(.post, "/api/v1/groups", Body(name: name, description: description))
    }

    func summary(_ group: GroupAnswer, _ style: TextStyle) -> String { "Created group \(group.name)" }
}

struct GroupList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the groups by name.", discussion: "Example: kms group list")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<GroupPageAnswer> {
        KMSRequest(.get, "/api/v1/groups" + APIPath.query(page))
    }
}

extension GroupPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("GROUP", "ROLES", "DESCRIPTION", .wide("CREATED"))
        for group in groups {
            table.add(.text(group.name), .free(group.roles.rolesText), .free(group.description), .time(group.createdAt))
        }
        return table
    }
}

struct GroupShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a group.", discussion: "Example: kms group show finance")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<GroupAnswer> { KMSRequest(.get, APIPath.group(name)) }
}

struct GroupUpdate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a group's description.",
        discussion: "Example: kms group update finance --description 'Payroll and invoices'")

    @Argument(help: "The group.")
    var name: String

    @Option(help: "A description, up to 1024 bytes.")
    var description: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<GroupAnswer> {
        KMSRequest(.patch, APIPath.group(name), ["description": description])
    }

    func summary(_ group: GroupAnswer, _ style: TextStyle) -> String {
        "Updated group \(group.name): " + (group.description.isEmpty ? "no description" : "description")
    }
}

struct GroupDelete: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a group; its members lose its roles.",
        discussion: "The name is never given to another group.\n\nExample: kms group delete finance")

    @Argument(help: "The group.")
    var name: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<GroupAnswer> { KMSRequest(.delete, APIPath.group(name)) }

    func summary(_ group: GroupAnswer) -> String { "Deleted group \(group.name)" }

    func loss(by client: KMSClient) async throws -> Loss {
        let group = try await client.send(KMSRequest<GroupAnswer>(.get, APIPath.group(name)))
        let members = try await client.send(
            KMSRequest<MemberPageAnswer>(.get, APIPath.group(name) + "/members?limit=1000"))
        return apart {
            let count = "\(members.members.count)\(members.next == nil ? "" : " or more")"
            return Loss(
                description: "Group '\(group.name)' is deleted for good. "
                    + "Its \(count) members lose its roles: \(group.roles.rolesText).",
                name: group.name)
        }
    }
}
