import ArgumentParser
import KMSClient

struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Manage projects, which contain keys.",
        discussion: """
            Requires the platform administrator role.

            Example: kms project create payroll --description 'Keys of the payroll system'
            """,
        subcommands: [
            ProjectCreate.self, ProjectList.self, ProjectShow.self, ProjectUpdate.self, ProjectDelete.self,
        ])
}

extension ProjectAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("project", name)
        if !description.isEmpty { table.add("description", description) }
        if let account = account, let region = region {
            table.add("account", account)
            table.add("region", region)
        }
        table.add("created", .time(createdAt))
        table.add("changed", .time(changedAt))
        return table.text(in: style)
    }
}

struct ProjectCreate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a project.",
        discussion: "Example: kms project create payroll --region eu-central-1")

    @Argument(help: "The name: 1 to 128 letters, digits, '.', '_' and '-'.")
    var name: String

    @Option(help: "A description, up to 1024 bytes.")
    var description: String?

    @Option(help: "The account for AWS clients: 12 digits. [chosen by the service]")
    var account: String?

    @Option(help: "The region for AWS clients, such as eu-central-1. [us-east-1]")
    var region: String?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let name: String
        let description: String?
        let account: String?
        let region: String?
    }

    func request() -> KMSRequest<ProjectAnswer> {
        KMSRequest(
            .post, "/api/v1/projects",
            Body(name: name, description: description, account: account, region: region))
    }

    func summary(_ project: ProjectAnswer, _ style: TextStyle) -> String { "Created project \(project.name)" }
}

struct ProjectList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the projects by name.", discussion: "Example: kms project list")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<ProjectPageAnswer> {
        KMSRequest(.get, "/api/v1/projects" + APIPath.query(page))
    }
}

extension ProjectPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("PROJECT", "ACCOUNT", "REGION", "DESCRIPTION", .wide("CREATED"))
        for project in projects {
            table.add(
                .text(project.name), .text(project.account, else: "-"), .text(project.region, else: "-"),
                .free(project.description), .time(project.createdAt))
        }
        return table
    }
}

struct ProjectShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a project.", discussion: "Example: kms project show payroll")

    @Argument(help: "The project.", completion: .projects)
    var name: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ProjectAnswer> { KMSRequest(.get, APIPath.project(name)) }
}

struct ProjectUpdate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a project's description, or set its AWS location.",
        discussion: """
            The account and the region can be set once and then never change.

            Example: kms project update payroll --account 111122223333 --region eu-central-1
            """)

    @Argument(help: "The project.", completion: .projects)
    var name: String

    @Option(help: "A description, up to 1024 bytes.")
    var description: String?

    @Option(help: "The account for AWS clients: 12 digits; requires --region.")
    var account: String?

    @Option(help: "The region for AWS clients; requires --account.")
    var region: String?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let description: String?
        let account: String?
        let region: String?
    }

    func request() -> KMSRequest<ProjectAnswer> {
        KMSRequest(
            .patch, APIPath.project(name), Body(description: description, account: account, region: region))
    }

    func summary(_ project: ProjectAnswer, _ style: TextStyle) -> String {
        var changes: [String] = []
        if description != nil { changes.append(project.description.isEmpty ? "no description" : "description") }
        if let account = project.account, let region = project.region, self.account != nil {
            changes.append("account \(account) in \(region)")
        }
        return "Updated project \(project.name): \(changes.joined(separator: "; "))"
    }
}

struct ProjectDelete: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a project that has no keys.",
        discussion: "The name is never given to another project.\n\nExample: kms project delete payroll")

    @Argument(help: "The project.", completion: .projects)
    var name: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ProjectAnswer> { KMSRequest(.delete, APIPath.project(name)) }

    func summary(_ project: ProjectAnswer) -> String { "Deleted project \(project.name)" }

    func loss(by client: KMSClient) async throws -> Loss {
        let project = try await client.send(KMSRequest<ProjectAnswer>(.get, APIPath.project(name)))
        let roles = try await client.send(KMSRequest<RolesAnswer>(.get, APIPath.project(name) + "/roles"))
        return apart {
            Loss(
                description: "Project '\(project.name)' is deleted for good, with its \(roles.roles.count) roles. "
                    + "Its name cannot be used again.",
                name: project.name)
        }
    }
}
