import ArgumentParser
import KMSClient

struct GroupMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "Add, remove and list the members of a group.",
        subcommands: [GroupMemberAdd.self, GroupMemberRemove.self, GroupMemberList.self])
}

/// The arguments that name a group and one of its members.
struct MembershipArguments: ParsableArguments {
    @Argument(help: "The group.")
    var group: String

    @Argument(help: "The subject.")
    var subject: String

    var path: String { APIPath.member(subject, of: group) }
}

struct GroupMemberAdd: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a subject to a group.",
        discussion: "Example: kms group member add finance alice@example.com")

    @OptionGroup var membership: MembershipArguments
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.put, membership.path, [String: String]()) }

    func summary(_ subject: SubjectAnswer, _ style: TextStyle) -> String {
        "Added \(subject.name) to \(membership.group); its groups: \(subject.groups.joined(separator: ", "))"
    }
}

struct GroupMemberRemove: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a subject from a group.",
        discussion: "Example: kms group member remove finance alice@example.com")

    @OptionGroup var membership: MembershipArguments
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.delete, membership.path) }

    func summary(_ subject: SubjectAnswer, _ style: TextStyle) -> String {
        let groups = subject.groups.isEmpty ? "none" : subject.groups.joined(separator: ", ")
        return "Removed \(subject.name) from \(membership.group); its groups: \(groups)"
    }
}

struct GroupMemberList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the members of a group.",
        discussion:
            "A page may have fewer items than --limit even if more follow.\n\nExample: kms group member list finance")

    @Argument(help: "The group.")
    var group: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<MemberPageAnswer> {
        KMSRequest(.get, APIPath.group(group) + "/members" + APIPath.query(page))
    }
}

extension MemberPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("SUBJECT", "KIND", "ENABLED")
        for subject in members { table.add(.text(subject.name), .text(subject.kind), subject.enabled ? "yes" : "no") }
        return table
    }
}

struct GroupMembers: RenamedCommand {
    static let newName = "group member list GROUP"
    static let configuration = CommandConfiguration.renamed("members", to: newName)

    @OptionGroup var command: GroupMemberList
}

struct GroupAdd: RenamedCommand {
    static let newName = "group member add GROUP SUBJECT"
    static let configuration = CommandConfiguration.renamed("add", to: newName)

    @OptionGroup var command: GroupMemberAdd
}

struct GroupRemove: RenamedCommand {
    static let newName = "group member remove GROUP SUBJECT"
    static let configuration = CommandConfiguration.renamed("remove", to: newName)

    @OptionGroup var command: GroupMemberRemove
}
