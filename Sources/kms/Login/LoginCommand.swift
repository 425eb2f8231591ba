import ArgumentParser
import FoundationEssentials
import KMSClient
import OIDCLogin

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Log in to a service and save the credential.",
        discussion: """
            Asks for a bearer token, or reads it from --token-file or standard input. With --issuer, logs in at an identity \
            provider: in a browser on this machine, or by a code on another device. The service checks the credential \
            before it is saved in ~/.config/kms (mode 0600), in the current context or the one of --name. Later logins to \
            the same context need no options.

            Example: kms login --url https://kms.example.com --ca ca.pem
            Example: kms login --token-file admin.token
            Example: kms login --issuer https://login.example.com --client-id kms-cli
            """)

    @Option(help: "The context to save [KMS_CONTEXT, the current one, or 'default'].", completion: .contexts)
    var name: ContextName?

    @Option(help: "A file with the bearer token; '-' is standard input.", completion: .file())
    var tokenFile: String?

    @OptionGroup(title: "Identity provider") var provider: ProviderOptions
    @OptionGroup var project: ProjectOption
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    struct Answer: PrintableAnswer {
        let context: String
        let url: String
        let subject: String

        func text(in style: TextStyle) -> String {
            "Logged in to \(url) as \(DisplayText.safe(subject)) (context '\(context)')\n"
        }
    }

    func run() async throws { try await reporting { try await login() } }

    private func login() async throws {
        let store = try ContextStore.ofUser()
        let name = try contextName(store)
        var context = try connection.withVariables()
            .saved(over: try store.context(name), isNamed: self.name != nil, name)
        if let project = try project.name() { context.project = project }
        let (token, session) = try await credential(&context)
        let subject = try await check(token, context)
        try store.save(context, as: name)
        try store.saveCredential(token, session: session, of: name)
        try store.use(name)
        try output.show(Answer(context: name.text, url: context.url, subject: subject))
        if try ClientVariable.tokenFile.value() != nil {
            StandardError.write("kms: note: KMS_TOKEN_FILE is set and takes precedence over this login\n")
        }
    }

    private func contextName(_ store: ContextStore) throws(Failure) -> ContextName {
        if let name { return name }
        if let variable = try ClientVariable.context.value() { return try ContextName(variable) }
        if let current = try store.current() { return current }
        return try ContextName(ContextName.standard)
    }

    /// Obtains a token, and the session for its renewal.
    private func credential(_ context: inout SavedContext) async throws -> (String, SavedSession?) {
        let login = try provider.login(over: tokenFile == nil ? context.login : nil)
        guard let login else {
            context.login = nil
            return (try readToken(), nil)
        }
        guard tokenFile == nil else { throw Failure(.input, "--token-file and --issuer exclude each other") }
        context.login = login
        do {
            let tokens = try await provider.tokens(login, seconds: try connection.seconds())
            let token = try login.token(of: tokens)
            return (token, SavedSession(tokens, token))
        } catch let error as OIDCError {
            throw Failure(error)
        }
    }

    private func readToken() throws(Failure) -> String {
        switch tokenFile {
        case nil: try TokenText.read(try HiddenInput.read("Token: "), in: "the input")
        case "-"?:
            try TokenText.read(
                try InputFile.read(0, of: "standard input", atMost: 65536, "token"), in: "standard input")
        case let path?:
            try TokenText.read(try TokenFileOption.bytes(of: path), in: "the token file \(path)")
        }
    }

    /// Asks the service for the subject that the token authenticates.
    private func check(_ token: String, _ context: SavedContext) async throws -> String {
        do {
            var configuration = try context.configuration(timeout: try connection.seconds())
            configuration.credential = try ClientCredential(token: token)
            return try await KMSClient.withClient(configuration) { client in
                try await client.send(KMSRequest<WhoAmIAnswer>(.get, "/api/v1/whoami")).subject
            }
        } catch let error as KMSClientError {
            if error.code == .unauthenticated {
                throw Failure(.access, "\(context.url) does not accept this credential; nothing was saved")
            }
            throw Failure(error)
        }
    }
}

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Remove the saved credential of a context.",
        discussion: """
            The context stays, and the token stays valid at its issuer until it expires or is revoked.

            Example: kms logout
            """)

    @Argument(help: "The context [KMS_CONTEXT, or the current one].", completion: .contexts)
    var name: ContextName?

    @OptionGroup var output: OutputOptions

    struct Answer: PrintableAnswer {
        let context: String
        let wasLoggedIn: Bool

        func text(in style: TextStyle) -> String {
            wasLoggedIn ? "Logged out of the context '\(context)'\n" : "The context '\(context)' has no credential\n"
        }
    }

    func run() async throws {
        try await reporting {
            let store = try ContextStore.ofUser()
            let name = try store.selected(name)
            _ = try store.required(name)
            try output.show(Answer(context: name.text, wasLoggedIn: try store.removeCredential(of: name)))
        }
    }
}
