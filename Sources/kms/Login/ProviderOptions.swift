import ArgumentParser
import FoundationEssentials
import Glibc
import OIDCLogin

/// The options of a login at an identity provider.
struct ProviderOptions: ParsableArguments {
    @Option(help: "The address of the OpenID Connect issuer.")
    var issuer: String?

    @Option(help: "The id of this program at the issuer, as a public client.")
    var clientID: String?

    @Option(help: "The scopes to ask for [openid offline_access].")
    var scope: String?

    @Option(help: "A PEM file with the authorities to trust for the issuer [the system's].", completion: .file())
    var issuerCA: String?

    @Flag(help: "Send the access token to the service instead of the ID token.")
    var accessToken = false

    @Flag(help: "Show a code to enter on another device.")
    var device = false

    @Flag(help: "Show the address to open, and do not start a browser.")
    var noBrowser = false

    /// Returns the parameters of the login; nil for a login with a token.
    ///
    /// - Parameter saved: the parameters of the last login to the same context.
    func login(over saved: SavedLogin?) throws(Failure) -> SavedLogin? {
        let isUnused = issuer == nil && clientID == nil && scope == nil && issuerCA == nil && !accessToken
        if isUnused, !device, !noBrowser { return saved }
        guard let issuer = issuer ?? saved?.issuer, let clientID = clientID ?? saved?.clientID else {
            throw Failure(.input, "a login at an identity provider requires --issuer and --client-id")
        }
        return SavedLogin(
            issuer: issuer, clientID: clientID, scope: scope ?? saved?.scope ?? "openid offline_access",
            ca: issuerCA.map(absolutePath) ?? saved?.ca, usesAccessToken: accessToken ? true : saved?.usesAccessToken)
    }

    /// Logs in.
    func tokens(_ login: SavedLogin, seconds: Int) async throws -> OIDCTokens {
        try await OIDCClient.withClient(
            issuer: login.issuer, clientID: login.clientID, authorities: login.ca, timeout: .seconds(seconds)
        ) { client in
            if device || (!Self.hasDisplay && !noBrowser && client.provider.deviceEndpoint != nil) {
                return try await deviceTokens(client, login)
            }
            let browser = try BrowserLogin(client, scope: login.scope)
            StandardError.write("Open this address to log in:\n\n  \(DisplayText.safe(browser.address))\n\n")
            if !noBrowser { Browser.open(browser.address) }
            return try await browser.tokens()
        }
    }

    private func deviceTokens(_ client: OIDCClient, _ login: SavedLogin) async throws -> OIDCTokens {
        let device = try await DeviceLogin(client, scope: login.scope)
        StandardError.write(
            "Open \(DisplayText.safe(device.address)) and enter the code \(DisplayText.safe(device.userCode))\n")
        if let complete = device.completeAddress { StandardError.write("Or open \(DisplayText.safe(complete))\n") }
        return try await device.tokens()
    }

    /// True if a browser can be shown.
    private static var hasDisplay: Bool {
        let environment = ProcessInfo.processInfo.environment
        return ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].contains { !(environment[$0] ?? "").isEmpty }
    }
}

/// Starts the user's browser.
private enum Browser {
    /// Opens an address with the program of `BROWSER`, else with `xdg-open`. The user has the address on the terminal if that fails.
    static func open(_ address: String) {
        let program = ProcessInfo.processInfo.environment["BROWSER"] ?? "xdg-open"
        // The browser must not write between the lines of this program.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        // Owned by this function, freed when it returns; the child has copies by then.
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(address), nil]
        defer { for text in arguments { free(text) } }
        var identifier = pid_t()
        _ = posix_spawnp(&identifier, program, &actions, nil, &arguments, environ)
    }
}
