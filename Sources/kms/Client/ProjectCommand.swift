import ArgumentParser
import KMSClient

struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Projects, the containers of keys. For platform administrators.",
        discussion: "Example: kms project create payroll --description 'Keys of the payroll'",
        subcommands: [
            ProjectCreate.self, ProjectList.self, ProjectShow.self, ProjectUpdate.self, ProjectDelete.self,
        ])
}

extension ProjectAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("project", name)
        if !description.isEmpty { table.add("description", description) }
        if let account = account, let region = region {
            table.add("account", account)
            table.add("region", region)
        }
        table.add("created", createdAt)
        table.add("changed", changedAt)
        return table.text
    }
}

struct ProjectCreate: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a project.")

    @Argument(help: "The name: 1 to 128 letters, digits, '.', '_' and '-'.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Option(help: "Its account for clients of AWS: 12 digits. One is chosen when none is given.")
    var account: String?

    @Option(help: "Its region for clients of AWS, such as eu-central-1. It is us-east-1 when none is given.")
    var region: String?

    @OptionGroup var output: OutputOptions

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
}

struct ProjectList: ListCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the projects by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms project list" }

    func request() -> KMSRequest<ProjectPageAnswer> { KMSRequest(.get, "/api/v1/projects" + pages.query) }
}

extension ProjectPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("PROJECT", "ACCOUNT", "REGION", "CREATED", "DESCRIPTION")
        for project in projects {
            table.add(
                project.name, project.account ?? "-", project.region ?? "-", project.createdAt, project.description)
        }
        return table
    }
}

struct ProjectShow: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a project.")

    @Argument(help: "The project.", completion: .projects)
    var name: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ProjectAnswer> { KMSRequest(.get, APIPath.project(name)) }
}

struct ProjectUpdate: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a project's description, or say where it is.",
        discussion: "Where a project is for clients of AWS can be said once, and never changes.")

    @Argument(help: "The project.", completion: .projects)
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Option(help: "Its account for clients of AWS, for a project that has none: 12 digits. Goes with --region.")
    var account: String?

    @Option(help: "Its region for clients of AWS, for a project that has none. Goes with --account.")
    var region: String?

    @OptionGroup var output: OutputOptions

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
}

struct ProjectDelete: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a project that has no keys. Its name is not given again.")

    @Argument(help: "The project.", completion: .projects)
    var name: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ProjectAnswer> { KMSRequest(.delete, APIPath.project(name)) }

    func show(_ project: ProjectAnswer) throws { try StandardOutput.write("project \(project.name) deleted\n") }
}
