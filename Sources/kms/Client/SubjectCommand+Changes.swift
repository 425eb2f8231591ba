import ArgumentParser
import KMSClient

private struct SubjectChanges: Encodable {
    var description: String?
    var enabled: Bool?
    var administrator: Bool?
}

extension KMSRequest where Answer == SubjectAnswer {
    fileprivate static func update(_ name: String, _ changes: SubjectChanges) -> Self {
        Self(.patch, APIPath.subject(name), changes)
    }
}

struct SubjectUpdate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a subject's description or administrator role.",
        discussion: "Example: kms subject update alice@example.com --description 'Payroll team'")

    @Argument(help: "The subject.")
    var name: String

    @Option(help: "A description, up to 1024 bytes.")
    var description: String?

    // The earlier form of 'kms subject enable' and 'kms subject disable'.
    @Flag(inversion: .prefixedEnableDisable, help: .hidden)
    var access: Bool?

    @Flag(inversion: .prefixedNo, help: "Give or take the platform administrator role.")
    var administrator: Bool?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> {
        if let access {
            RenamedOption.note(
                access ? "--enable-access" : "--disable-access", "'kms subject \(access ? "enable" : "disable")'")
        }
        return .update(name, SubjectChanges(description: description, enabled: access, administrator: administrator))
    }

    func summary(_ subject: SubjectAnswer, _ style: TextStyle) -> String {
        var changes: [String] = []
        if description != nil { changes.append(subject.description.isEmpty ? "no description" : "description") }
        if access != nil { changes.append(subject.enabled ? "enabled" : "disabled") }
        if administrator != nil {
            changes.append(subject.administrator ? "platform administrator" : "no administrator")
        }
        return "Updated \(subject.name): \(changes.joined(separator: "; "))"
    }
}

struct SubjectEnable: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Allow a disabled subject to authenticate again.",
        discussion: "Example: kms subject enable alice@example.com")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { .update(name, SubjectChanges(enabled: true)) }

    func summary(_ subject: SubjectAnswer, _ style: TextStyle) -> String { "Enabled \(subject.name)" }
}

struct SubjectDisable: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Refuse a subject's credentials until it is enabled again.",
        discussion: "Example: kms subject disable alice@example.com")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { .update(name, SubjectChanges(enabled: false)) }

    func summary(_ subject: SubjectAnswer, _ style: TextStyle) -> String {
        "Disabled \(subject.name); enable it with 'kms subject enable \(subject.name)'"
    }
}

struct SubjectDelete: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a subject with its credentials and roles.",
        discussion: "The name is never given to another subject.\n\nExample: kms subject delete alice@example.com")

    @Argument(help: "The subject.")
    var name: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<SubjectAnswer> { KMSRequest(.delete, APIPath.subject(name)) }

    func summary(_ subject: SubjectAnswer) -> String { "Deleted \(subject.name)" }

    func loss(by client: KMSClient) async throws -> Loss {
        let subject = try await client.send(KMSRequest<SubjectAnswer>(.get, APIPath.subject(name)))
        let credentials = try await client.send(
            KMSRequest<CredentialPageAnswer>(.get, APIPath.subject(name) + "/credentials"))
        let accessKeys = try await client.send(
            KMSRequest<AccessKeyPageAnswer>(.get, APIPath.subject(name) + "/access-keys"))
        return apart { loss(subject, credentials, accessKeys) }
    }

    private func loss(
        _ subject: SubjectAnswer, _ credentials: CredentialPageAnswer, _ accessKeys: AccessKeyPageAnswer
    ) -> Loss {
        func count(_ number: Int, _ next: String?) -> String { next == nil ? "\(number)" : "\(number) or more" }
        var table = PropertyTable()
        table.add("kind", subject.kindText)
        table.add("administrator", subject.administrator ? "yes" : "no")
        table.add("groups", subject.groups.isEmpty ? "none" : subject.groups.joined(separator: ", "))
        table.add("roles", subject.roles.rolesText)
        table.add("credentials", count(credentials.credentials.count { $0.revokedAt == nil }, credentials.next))
        table.add("access keys", count(accessKeys.accessKeys.count, accessKeys.next))
        return Loss(
            description: "Subject '\(subject.name)' is deleted for good, with all of these:\n"
                + table.text(in: .ofStandardOutput(isWide: false)),
            name: subject.name)
    }
}
