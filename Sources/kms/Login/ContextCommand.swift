import ArgumentParser
import FoundationEssentials
import KMSClient

struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Manage saved services and logins.",
        discussion: """
            A context is a service's address with its TLS files, a project and a login, saved in ~/.config/kms. An option \
            takes precedence over a variable, and a variable over the context. KMS_CONTEXT selects a context for one \
            command. A context is not used for another address than its own.

            Example: kms context use production
            """,
        subcommands: [
            ContextList.self, ContextShow.self, ContextUse.self, ContextSet.self, ContextDelete.self,
        ])
}

/// A context as people and programs see it. It never contains a token.
struct ContextAnswer: PrintableAnswer {
    let name: String
    let current: Bool
    let url: String
    let project: String?
    let loggedIn: Bool
    let loginExpiresAt: String?
    let issuer: String?
    let ca: String?
    let clientCertificate: String?
    let clientKey: String?
    let allowPlaintextNetwork: Bool

    init(_ name: ContextName, _ context: SavedContext, in store: ContextStore, selected: ContextName?) throws(Failure) {
        self.name = name.text
        current = name == selected
        url = context.url
        project = context.project
        loggedIn = try store.credential(of: name) != nil
        loginExpiresAt = try store.session(of: name)?.expiresAt?.ISO8601Format()
        issuer = context.login?.issuer
        ca = context.ca
        clientCertificate = context.clientCertificate
        clientKey = context.clientKey
        allowPlaintextNetwork = context.allowPlaintextNetwork ?? false
    }

    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("context", name + (current ? " (current)" : ""))
        table.add("address", url)
        table.add("project", ifAny: project)
        table.add("logged in", loggedIn ? "yes" : "no")
        table.add("token expires", timeIfAny: loginExpiresAt)
        table.add("issuer", ifAny: issuer)
        table.add("authorities", ifAny: ca)
        table.add("certificate", ifAny: clientCertificate)
        table.add("key", ifAny: clientKey)
        if allowPlaintextNetwork { table.add("plain HTTP", "allowed to another machine") }
        return table.text(in: style)
    }
}

struct ContextList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the contexts.", discussion: "Example: kms context list")

    @OptionGroup var output: OutputOptions

    private struct Answer: PrintableAnswer {
        let contexts: [ContextAnswer]

        func text(in style: TextStyle) -> String {
            var table = Table("CURRENT", "NAME", "ADDRESS", "PROJECT", "LOGGED IN")
            for context in contexts {
                table.add(
                    context.current ? "*" : "", .text(context.name), .text(context.url),
                    .text(context.project, else: "-"), context.loggedIn ? "yes" : "no")
            }
            return table.text(in: style)
        }
    }

    func run() async throws {
        try await reporting {
            let store = try ContextStore.ofUser()
            let selected = try ClientVariable.context.value().map { ContextName(argument: $0) } ?? store.current()
            let contexts = try store.names.map { name in
                try ContextAnswer(name, try store.required(name), in: store, selected: selected)
            }
            try output.show(Answer(contexts: contexts))
        }
    }
}

struct ContextShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a context.", discussion: "Example: kms context show production")

    @Argument(help: "The context [KMS_CONTEXT, or the current one].", completion: .contexts)
    var name: ContextName?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            let store = try ContextStore.ofUser()
            let name = try store.selected(name)
            try output.show(
                try ContextAnswer(name, try store.required(name), in: store, selected: try store.current()))
        }
    }
}

struct ContextUse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Make a context the current one.",
        discussion: "Example: kms context use production")

    @Argument(help: "The context.", completion: .contexts)
    var name: ContextName

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            let store = try ContextStore.ofUser()
            let context = try store.required(name)
            try store.use(name)
            let answer = try ContextAnswer(name, context, in: store, selected: name)
            try output.show(answer, as: "Using the context '\(name)' (\(context.url))\n")
        }
    }
}

struct ContextSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Create or change a context.",
        discussion: """
            Values that are not given stay as they are. A new address removes the saved credential. The first context \
            becomes the current one.

            Example: kms context set production --url https://kms.example.com \\
                --project payroll
            Example: kms context set production --unset project
            """)

    @Argument(help: "The context.", completion: .contexts)
    var name: ContextName

    @Option(help: "A value to remove: project, ca or certificate; may be repeated.")
    var unset: [Value] = []

    @OptionGroup var project: ProjectOption
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    enum Value: String, ExpressibleByArgument, CaseIterable {
        case project, ca, certificate
    }

    func run() async throws {
        try await reporting {
            let store = try ContextStore.ofUser()
            var old = try store.context(name)
            for value in unset {
                switch value {
                case .project: old?.project = nil
                case .ca: old?.ca = nil
                case .certificate:
                    old?.clientCertificate = nil
                    old?.clientKey = nil
                }
            }
            guard old != nil || connection.url != nil else {
                throw Failure(.input, "no context '\(name)'; give a new context its address with --url")
            }
            var context = try connection.saved(over: old, isNamed: true, name)
            if let project = project.project { context.project = project }
            try store.save(context, as: name)
            if try store.current() == nil { try store.use(name) }
            try output.show(try ContextAnswer(name, context, in: store, selected: try store.current()))
        }
    }
}

struct ContextDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a context and its credential.",
        discussion: "Example: kms context delete staging")

    @Argument(help: "The context.", completion: .contexts)
    var name: ContextName

    @OptionGroup var output: OutputOptions

    private struct Answer: PrintableAnswer {
        let context: String

        func text(in style: TextStyle) -> String { "Deleted the context '\(context)'\n" }
    }

    func run() async throws {
        try await reporting {
            let store = try ContextStore.ofUser()
            _ = try store.required(name)
            try store.delete(name)
            try output.show(Answer(context: name.text))
        }
    }
}
