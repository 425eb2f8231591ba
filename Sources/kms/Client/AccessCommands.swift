import ArgumentParser

struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show what the service knows of who asks.")

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try show(try await options.client().get("/api/v1/whoami")) }
    }

    @inline(never)
    private func show(_ answer: WhoAmIAnswer) throws {
        if json { return try JSONText.write(answer) }
        var sheet = Sheet()
        sheet.add("subject", answer.subject)
        sheet.add("kind", answer.kind + (answer.service.map { " of service \($0)" } ?? ""))
        sheet.add("administrator", answer.administrator ? "yes" : "no")
        sheet.add("project", answer.project ?? "none chosen")
        sheet.add("role", answer.role ?? "none")
        sheet.add("all roles", answer.roles.rolesText)
        sheet.add("groups", answer.groups.isEmpty ? "none" : answer.groups.joined(separator: ", "))
        sheet.add("authenticated by", answer.authentication ?? "-")
        if let source = answer.source { sheet.add("from", source) }
        try StandardOutput.write(sheet.text)
    }
}

struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Why somebody may do something, or not. For platform administrators.",
        subcommands: [AccessExplain.self])
}

struct AccessExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say which rule decides, and why. Nothing is done.",
        discussion: """
            Verbs: describeKey, encrypt, decrypt, issueDataKey, reEncrypt, sign, verify, generateMAC, verifyMAC, deriveSharedSecret, readPublicKey, updateKey, \
            rotateKey, changeState, destroy, deleteKey, importKey, changeAlias, changeAccess.

            Example: kms access explain alice@example.com payroll decrypt --project default
            """)

    @Argument(help: "The subject.")
    var subject: String

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Argument(help: "What would be done.")
    var verb: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try show(
                try await options.client().post(
                    "/api/v1/access/explain", ["subject": subject, "key": key, "verb": verb]))
        }
    }

    @inline(never)
    private func show(_ answer: ExplanationAnswer) throws {
        if json { return try JSONText.write(answer) }
        var sheet = Sheet()
        sheet.add(
            "decision", answer.allowed ? "allowed" : answer.hidden ? "denied, as if there were no such key" : "denied")
        sheet.add("because", answer.reason)
        sheet.add("subject", answer.subject)
        sheet.add("role", "\(answer.role ?? "none") in \(answer.project)")
        sheet.add("groups", answer.groups.isEmpty ? "none" : answer.groups.joined(separator: ", "))
        sheet.add("verb", answer.verb)
        if let key = answer.keyId { sheet.add("key", key) }
        try StandardOutput.write(sheet.text)
    }
}

struct ServiceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-key", abstract: "Get the one key of a service in a project; made when there is none yet.",
        discussion: """
            For the agents of services. The key is of AES256-GCM96 and rotated every 365 days by the system; the project's people see \
            it and cannot change it.
            """)

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let key: KeyAnswer = try await options.client().put("/api/v1/service-key", [String: String]())
            try KeySheet.show(key, json: json)
        }
    }
}
