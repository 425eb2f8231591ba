import ArgumentParser

struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Projects, the containers of keys. For platform administrators.",
        discussion: "Example: kms project create payroll --description 'Keys of the payroll'",
        subcommands: [
            ProjectCreate.self, ProjectList.self, ProjectShow.self, ProjectUpdate.self, ProjectDelete.self,
        ])
}

private func show(_ project: ProjectAnswer, json: Bool) throws {
    if json { return try JSONText.write(project) }
    var sheet = Sheet()
    sheet.add("project", project.name)
    if !project.description.isEmpty { sheet.add("description", project.description) }
    if let account = project.account, let region = project.region {
        sheet.add("account", account)
        sheet.add("region", region)
    }
    sheet.add("created", project.createdAt)
    sheet.add("changed", project.changedAt)
    try StandardOutput.write(sheet.text)
}

struct ProjectCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a project.")

    @Argument(help: "The name: 1 to 128 letters, digits, '.', '_' and '-'.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Option(help: "Its account for clients of AWS: 12 digits. One is chosen when none is given.")
    var account: String?

    @Option(help: "Its region for clients of AWS, such as eu-central-1. It is us-east-1 when none is given.")
    var region: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let name: String
        let description: String?
        let account: String?
        let region: String?
    }

    func run() async throws {
        try await reporting {
            let body = Body(name: name, description: description, account: account, region: region)
            try show(try await options.client().post("/api/v1/projects", body), json: json)
        }
    }
}

struct ProjectList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the projects by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try list(try await options.client().get("/api/v1/projects" + pages.query)) }
    }

    @inline(never)
    private func list(_ page: ProjectPageAnswer) throws {
        var table = Table("PROJECT", "ACCOUNT", "REGION", "CREATED", "DESCRIPTION")
        for project in page.projects {
            table.add(
                project.name, project.account ?? "-", project.region ?? "-", project.createdAt, project.description)
        }
        try pages.show(page, as: table, next: page.next, command: "kms project list")
    }
}

struct ProjectShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a project.")

    @Argument(help: "The project.")
    var name: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try show(try await options.client().get(PathText.project(name)), json: json) }
    }
}

struct ProjectUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a project's description, or say where it is.",
        discussion: "Where a project is for clients of AWS can be said once, and never changes.")

    @Argument(help: "The project.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Option(help: "Its account for clients of AWS, for a project that has none: 12 digits. Goes with --region.")
    var account: String?

    @Option(help: "Its region for clients of AWS, for a project that has none. Goes with --account.")
    var region: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let description: String?
        let account: String?
        let region: String?
    }

    func run() async throws {
        try await reporting {
            let body = Body(description: description, account: account, region: region)
            try show(try await options.client().patch(PathText.project(name), body), json: json)
        }
    }
}

struct ProjectDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a project that has no keys. Its name is not given again.")

    @Argument(help: "The project.")
    var name: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let project: ProjectAnswer = try await options.client().delete(PathText.project(name))
            try StandardOutput.write("project \(project.name) deleted\n")
        }
    }
}

/// The body that creates a group.
struct NamedBody: Encodable {
    let name: String
    let description: String?
}
