import ArgumentParser

struct SubjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subject",
        abstract: "Users, service accounts and service agents. For platform administrators.",
        discussion: """
            Example: kms subject create alice@example.com
            Example: kms subject create backup-agent --kind serviceAgent --service backup
            """,
        subcommands: [
            SubjectCreate.self, SubjectList.self, SubjectShow.self, SubjectUpdate.self, SubjectDelete.self,
        ])
}

private func show(_ subject: SubjectAnswer, json: Bool) throws {
    if json { return try JSONText.write(subject) }
    var sheet = Sheet()
    sheet.add("subject", subject.name)
    sheet.add("kind", subject.kind + (subject.service.map { " of service \($0)" } ?? ""))
    if !subject.description.isEmpty { sheet.add("description", subject.description) }
    sheet.add("enabled", subject.enabled ? "yes" : "no")
    sheet.add("administrator", subject.administrator ? "yes" : "no")
    sheet.add("groups", subject.groups.isEmpty ? "none" : subject.groups.joined(separator: ", "))
    sheet.add("roles", subject.roles.rolesText)
    sheet.add("created", subject.createdAt)
    sheet.add("changed", subject.changedAt)
    try StandardOutput.write(sheet.text)
}

struct SubjectCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Add a subject, who has no role and no credential yet.")

    @Argument(help: "The name: 1 to 128 letters, digits and . _ - @ : + =")
    var name: String

    @Option(help: "user (the standard), serviceAccount or serviceAgent.")
    var kind: String?

    @Option(help: "The service of a serviceAgent.")
    var service: String?

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Flag(help: "A platform administrator: manages projects, subjects and roles, and can use no key by that.")
    var administrator = false

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let name: String
        let kind: String?
        let service: String?
        let description: String?
        let administrator: Bool?
    }

    func run() async throws {
        try await reporting {
            let body = Body(
                name: name, kind: kind, service: service, description: description,
                administrator: administrator ? true : nil)
            try show(try await options.client().post("/api/v1/subjects", body), json: json)
        }
    }
}

struct SubjectList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the subjects by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try list(try await options.client().get("/api/v1/subjects" + pages.query)) }
    }

    @inline(never)
    private func list(_ page: SubjectPageAnswer) throws {
        var table = Table("SUBJECT", "KIND", "ENABLED", "ADMINISTRATOR", "GROUPS", "ROLES")
        for subject in page.subjects {
            table.add(
                subject.name, subject.kind, subject.enabled ? "yes" : "no", subject.administrator ? "yes" : "no",
                subject.groups.isEmpty ? "-" : subject.groups.joined(separator: ","), subject.roles.rolesText)
        }
        try pages.show(page, as: table, next: page.next, command: "kms subject list")
    }
}

struct SubjectShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a subject.")

    @Argument(help: "The subject.")
    var name: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting { try show(try await options.client().get(PathText.subject(name)), json: json) }
    }
}

struct SubjectUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a subject; what is disabled is nobody until it is enabled again.")

    @Argument(help: "The subject.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Flag(inversion: .prefixedEnableDisable, help: "Whether the subject counts.")
    var access: Bool?

    @Flag(inversion: .prefixedNo, help: "Whether the subject is a platform administrator.")
    var administrator: Bool?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    private struct Body: Encodable {
        let description: String?
        let enabled: Bool?
        let administrator: Bool?
    }

    func run() async throws {
        try await reporting {
            let body = Body(description: description, enabled: access, administrator: administrator)
            try show(try await options.client().patch(PathText.subject(name), body), json: json)
        }
    }
}

struct SubjectDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a subject: its credentials and roles are gone, and its name is not given again.")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let subject: SubjectAnswer = try await options.client().delete(PathText.subject(name))
            try StandardOutput.write("subject \(subject.name) deleted\n")
        }
    }
}
