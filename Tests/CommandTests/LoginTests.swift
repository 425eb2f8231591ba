import Foundation
import KMSTesting
import ServiceTesting
import Testing
import ThreadExecutor

/// `kms login` with tokens and at an OpenID provider, and the contexts in which logins are saved.
@Suite(.timeLimit(.minutes(3))) struct LoginTests {
    @Test func `a token from standard input or a file is checked, saved and used`() async throws {
        try await withService { service in
            let user = User(of: service.machine)
            let token = try Data(contentsOf: URL(filePath: service.machine.path("credentials/manager.token")))
            let login = try await user.kms("login", "--url", service.url, input: token)
            #expect(login.status == 0, "\(login.errors)")
            #expect(login.text == "Logged in to \(service.url) as manager (context 'default')\n")
            #expect(!login.text.contains("kms_") && !login.errors.contains("kms_"))
            // Neither address nor token is given.
            #expect(try await user.kms("key", "create", "a").status == 0)
            #expect(try await user.kms("whoami").text.contains("manager"))

            let other = try await user.kms(
                "login", "--url", service.url, "--name", "reader", "--token-file",
                service.machine.path("credentials/user.token"), "--json")
            #expect(other.text.contains(#""subject" : "user""#), "\(other.text) \(other.errors)")
            #expect(try await user.kms("whoami").text.contains("user"))
            #expect(try await user.kms("whoami", with: ["KMS_CONTEXT": "default"]).text.contains("manager"))
        }
    }

    @Test func `a token that the service does not accept is not saved`() async throws {
        try await withService { service in
            let user = User(of: service.machine)
            let path = service.machine.path("credentials/manager.token")
            let good = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            let bad = "kms_" + String(repeating: "A", count: good.count - 4)
            let refused = try await user.kms("login", "--url", service.url, input: Data(bad.utf8))
            #expect(refused.status == 6 && refused.errors.contains("nothing was saved"), "\(refused.errors)")
            let text = try await user.kms("login", "--url", service.url, input: Data("hello\n".utf8))
            #expect(text.status == 2 && text.errors.contains("does not contain a bearer token"), "\(text.errors)")
            #expect(!FileManager.default.fileExists(atPath: user.folder))
        }
    }

    @Test func `the files of a login are for their owner only`() async throws {
        try await withService { service in
            let user = User(of: service.machine)
            let manager = service.machine.path("credentials/manager.token")
            #expect(try await user.kms("login", "--url", service.url, "--token-file", manager).status == 0)
            for name in ["", "/contexts"] { #expect(try mode(user.folder + name) == 0o700) }
            for name in ["current", "contexts/default.json", "contexts/default.token"] {
                #expect(try mode("\(user.folder)/\(name)") == 0o600, "\(name)")
            }
            let context = try String(contentsOfFile: "\(user.folder)/contexts/default.json", encoding: .utf8)
            #expect(!context.contains("kms_"), "\(context)")
            let token = "\(user.folder)/contexts/default.token"
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: token)
            let refused = try await user.kms("whoami")
            #expect(refused.status == 2 && refused.errors.contains("chmod 600 \(token)"), "\(refused.errors)")
            // A token file of the operator's own may be readable by a group, as Kubernetes mounts it.
            #expect(try await user.kms("whoami", "--token-file", manager).status == 0)
        }
    }

    @Test func `an option comes before a variable, and a variable before the context`() async throws {
        try await withService { service in
            let user = User(of: service.machine)
            func token(_ name: String) -> String { service.machine.path("credentials/\(name).token") }
            let login = try await user.kms("login", "--url", service.url, "--token-file", token("manager"))
            #expect(login.status == 0)
            #expect(try await user.kms("whoami").text.contains("manager"))
            let variable = ["KMS_TOKEN_FILE": token("user")]
            #expect(try await user.kms("whoami", with: variable).text.contains("subject           user"))
            #expect(
                try await user.kms("whoami", "--token-file", token("admin"), with: variable).text
                    .contains("subject           admin"))
            #expect(try await user.kms("context", "set", "default", "--project", "none").status == 0)
            #expect(try await user.kms("key", "list").status != 0)
            #expect(try await user.kms("key", "list", with: ["KMS_PROJECT": "default"]).status == 0)
            #expect(
                try await user.kms("key", "list", "--project", "default", with: ["KMS_PROJECT": "none"]).status == 0)
        }
    }

    @Test func `a saved token is not sent to another address`() async throws {
        try await withService { service in
            let user = User(of: service.machine)
            let manager = service.machine.path("credentials/manager.token")
            #expect(try await user.kms("login", "--url", service.url, "--token-file", manager).status == 0)
            let same = service.url.replacing("127.0.0.1", with: "localhost")
            let other = try await user.kms("whoami", "--url", same)
            #expect(other.status == 6 && other.errors.contains("not logged in"), "\(other.errors)")
            #expect(try await user.kms("whoami", with: ["KMS_URL": same]).status == 6)
            #expect(try await user.kms("whoami", with: ["KMS_URL": service.url + "/"]).status == 0)
            // Nor does a new address keep it.
            let implicit = try await user.kms("login", "--url", same, "--token-file", manager)
            #expect(implicit.status == 9 && implicit.errors.contains("--name"), "\(implicit.errors)")
            #expect(try await user.kms("context", "set", "default", "--url", same).text.contains("logged in  no"))
            #expect(try await user.kms("whoami").status == 6)
        }
    }

    @Test func `contexts are listed, shown, used, changed and deleted`() async throws {
        let machine = try await Machine(isReady: false)
        let user = User(of: machine)
        #expect(try await user.kms("context", "list").text.split(separator: "\n").count == 1)
        expect(try await user.kms("context", "show"), 7, "no current context")
        expect(try await user.kms("context", "use", "a"), 7, "no context 'a'")
        expect(try await user.kms("context", "set", "a"), 9, "--url")
        expect(try await user.kms("context", "set", "a", "--url", "ftp://x"), 2, "'ftp://x'")
        #expect(try await user.kms("context", "set", "../a", "--url", "http://127.0.0.1:1").status == 64)
        #expect(try await user.kms("context", "set", "a", "--url", "http://127.0.0.1:1", "--project", "p").status == 0)
        #expect(
            try await user.kms("context", "set", "b", "--url", "https://kms.example", "--ca", "ca.pem").status == 0)
        let list = try await user.kms("context", "list")
        #expect(list.text.contains("*        a     http://127.0.0.1:1   p        no"), "\(list.text)")
        #expect(try await user.kms("context", "use", "b").text == "Using the context 'b' (https://kms.example)\n")
        // Paths are absolute, because a context is used from any folder.
        #expect(try await user.kms("context", "show").text.contains("authorities  /"))
        #expect(try await !user.kms("context", "set", "b", "--unset", "ca").text.contains("authorities"))
        #expect(try await user.kms("context", "show", with: ["KMS_CONTEXT": "a"]).text.contains("127.0.0.1"))
        expect(try await user.kms("key", "list", with: ["KMS_CONTEXT": "none"]), 7, "no context 'none'")
        let json = try await user.kms("context", "list", "--json")
        let object = try JSONSerialization.jsonObject(with: json.output) as? [String: [[String: Any]]]
        #expect(object?["contexts"]?.compactMap { $0["name"] as? String } == ["a", "b"])
        #expect(try await user.kms("context", "delete", "b").text == "Deleted the context 'b'\n")
        expect(try await user.kms("context", "show"), 7, "no current context")
        expect(
            try await Command.run(Command.product, ["context", "list"], input: Data(), environment: [:]), 2, "HOME")
    }

    @Test func `logging out removes the credential and keeps the context`() async throws {
        try await withService { service in
            let user = User(of: service.machine)
            let manager = service.machine.path("credentials/manager.token")
            expect(try await user.kms("logout"), 7, "no current context")
            #expect(try await user.kms("login", "--url", service.url, "--token-file", manager).status == 0)
            #expect(try await user.kms("logout").text == "Logged out of the context 'default'\n")
            #expect(!FileManager.default.fileExists(atPath: "\(user.folder)/contexts/default.token"))
            expect(try await user.kms("whoami"), 6, "not logged in")
            #expect(try await user.kms("logout").text.contains("has no credential"))
            #expect(try await user.kms("context", "show").text.contains(service.url))
        }
    }

    @Test func `a login in the browser is proven by PKCE, refreshed when it expires, and ended`() async throws {
        // Ten seconds count as expired already, so that every command refreshes.
        try await withProvider(lifetime: 10) { provider, service in
            let user = User(of: service.machine)
            let browser = service.machine.path("browser")
            try service.machine.write("#!/bin/sh\nexec curl -sLo /dev/null \"$1&$DECISION\"\n", to: "browser")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: browser)
            func login(_ decision: String) async throws -> Outcome {
                try await user.kms(
                    "login", "--url", service.url, "--issuer", provider.issuer, "--client-id", "kms-cli",
                    with: ["BROWSER": browser, "DECISION": decision])
            }
            expect(try await login("deny=1"), 6, "the login was declined")
            #expect(!FileManager.default.fileExists(atPath: user.folder))
            let done = try await login("user=alice")
            #expect(done.status == 0 && done.text.contains("as oidc:alice"), "\(done.errors) \(service.log)")
            let token = "\(user.folder)/contexts/default.token"
            let first = try String(contentsOfFile: token, encoding: .utf8)
            #expect(try mode("\(user.folder)/contexts/default.session") == 0o600)
            // Twice, because the issuer accepts each refresh token once.
            for _ in 0..<2 { #expect(try await user.kms("whoami").text.contains("oidc:alice")) }
            #expect(try String(contentsOfFile: token, encoding: .utf8) != first)
            let shown = try await user.kms("context", "show")
            #expect(shown.text.contains(provider.issuer) && shown.text.contains("token expires"), "\(shown.text)")
            #expect(try await provider.post("/revoke-all", "") == 0)
            expect(try await user.kms("whoami"), 6, "has expired", "kms login")
            // The context knows the issuer.
            let again = try await user.kms("login", with: ["BROWSER": browser, "DECISION": "user=bob"])
            #expect(again.text.contains("as oidc:bob"), "\(again.errors)")
        }
    }

    @Test(arguments: [["logout"], ["context", "set", "default", "--url", "http://127.0.0.1:1"]])
    func `a refresh does not bring back what was ended while the issuer answered`(_ change: [String]) async throws {
        try await withProvider(lifetime: 10) { provider, service in
            let user = User(of: service.machine)
            let browser = service.machine.path("browser")
            try service.machine.write("#!/bin/sh\nexec curl -sLo /dev/null \"$1&user=alice\"\n", to: "browser")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: browser)
            let done = try await user.kms(
                "login", "--url", service.url, "--issuer", provider.issuer, "--client-id", "kms-cli",
                with: ["BROWSER": browser])
            #expect(done.status == 0, "\(done.errors)")
            #expect(try await provider.post("/hold", "") == 0)
            let errors = service.machine.path("refresh.err")
            let refreshing = try ChildProcess(
                Command.product, ["whoami"], environment: user.environment,
                output: service.machine.path("refresh.out"), errors: errors)
            #expect(try await provider.post("/await-held", "") == 0)
            let changed = try await Command.run(
                Command.product, change, input: Data(), environment: user.environment)
            #expect(changed.status == 0, "\(changed.errors)")
            #expect(try await provider.post("/release", "") == 0)
            #expect(await onOwnThread("refresh") { refreshing.wait() } == 8)
            #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("was changed meanwhile"))
            for kind in ["token", "session"] {
                #expect(!FileManager.default.fileExists(atPath: "\(user.folder)/contexts/default.\(kind)"), "\(kind)")
            }
        }
    }

    @Test func `a context that others can change is refused`() async throws {
        let machine = try await Machine(isReady: false)
        let user = User(of: machine)
        #expect(try await user.kms("context", "set", "a", "--url", "http://127.0.0.1:1").status == 0)
        let file = "\(user.folder)/contexts/a.json"
        for (mode, isRefused) in [(0o600, false), (0o644, false), (0o660, true), (0o606, true)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            let outcome = try await user.kms("context", "show", "a")
            #expect((outcome.status != 0) == isRefused, "\(mode): \(outcome.errors)")
            #expect(outcome.errors.contains("other users can change") == isRefused)
        }
    }

    @Test func `a login on another device waits for the user, who may decline`() async throws {
        try await withProvider(lifetime: 3600) { provider, service in
            let user = User(of: service.machine)
            func login(_ decision: String) async throws -> (status: Int32, errors: String, output: String) {
                let (out, err) = (service.machine.path("login.out"), service.machine.path("login.err"))
                try service.machine.write("", to: "login.err")
                let process = try ChildProcess(
                    Command.product,
                    [
                        "login", "--url", service.url, "--issuer", provider.issuer, "--client-id", "kms-cli",
                        "--device",
                    ], environment: user.environment, output: out, errors: err)
                let line = try await firstMatch(in: err, /enter the code (\S+)/, while: process)
                #expect(try await provider.post("/device", "user_code=\(line)&\(decision)") == 0)
                let status = await onOwnThread("login") { process.wait() }
                return (
                    status, try String(contentsOfFile: err, encoding: .utf8),
                    try String(contentsOfFile: out, encoding: .utf8)
                )
            }
            let declined = try await login("deny=1")
            #expect(declined.status == 6 && declined.errors.contains("declined"), "\(declined.errors)")
            let done = try await login("user=carol")
            #expect(done.status == 0 && done.output.contains("as oidc:carol"), "\(done.errors)")
            #expect(try await user.kms("whoami").text.contains("oidc:carol"))
        }
    }

    @Test func `an issuer that is none, or not https, is refused`() async throws {
        try await withProvider(lifetime: 3600) { provider, service in
            let user = User(of: service.machine)
            func login(_ issuer: String, _ client: String = "kms-cli") async throws -> Outcome {
                try await user.kms(
                    "login", "--url", service.url, "--issuer", issuer, "--client-id", client, "--device")
            }
            expect(try await login("http://login.example.com"), 2, "http://login.example.com is not https")
            expect(try await login("http://127.0.0.1:1"), 5, "http://127.0.0.1:1", "nothing listens there")
            expect(try await login(service.url), 5, "not one of an OpenID provider")
            expect(
                try await login(provider.issuer.replacing("127.0.0.1", with: "localhost")), 6, "names itself",
                provider.issuer)
            expect(try await login(provider.issuer, "somebody-else"), 6, "the issuer refused", "invalid_client")
            expect(try await user.kms("login", "--issuer", provider.issuer), 9, "--client-id")
            // A service that is no KMS.
            expect(try await user.kms("health", "--url", provider.issuer), 5, "not a key management service", "404")
        }
    }

    private func expect(_ outcome: Outcome, _ status: Int32, _ parts: String...) {
        #expect(outcome.status == status, "\(outcome.errors)")
        for part in parts { #expect(outcome.errors.contains(part), "\(part): \(outcome.errors)") }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

/// A person with a home folder and no variables of their own.
private struct User {
    let home: String
    let environment: [String: String]

    var folder: String { "\(home)/.config/kms" }

    init(of machine: Machine) {
        home = machine.path("home-\(UUID().uuidString)")
        environment = ["HOME": home, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    }

    func kms(_ arguments: String..., input: Data = Data(), with more: [String: String] = [:]) async throws -> Outcome {
        try await Command.run(
            Command.product, arguments, input: input, environment: environment.merging(more) { $1 })
    }
}

/// An OpenID provider on this machine.
private struct Provider: Sendable {
    let issuer: String
    let process: ChildProcess

    static func start(lifetime: Int, on machine: Machine) async throws -> Provider {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Clients/oidc/provider.py")
        let (output, errors) = (machine.path("provider.out"), machine.path("provider.err"))
        let process = try ChildProcess(
            "/usr/bin/python3", [script.path, String(lifetime)], environment: ["PYTHONDONTWRITEBYTECODE": "1"],
            output: output, errors: errors)
        let issuer = try await firstMatch(in: output, /(http:\/\/\S+)\n/, while: process)
        return Provider(issuer: issuer, process: process)
    }

    /// Sends a form, as the user's browser or the issuer's administrator. Returns curl's exit status.
    func post(_ path: String, _ form: String) async throws -> Int32 {
        try await Command.run(
            "/usr/bin/env", ["curl", "-sSf", "-d", form, issuer + path], input: Data(),
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        ).status
    }
}

/// Starts a provider, and a service that trusts it.
private func withProvider(lifetime: Int, _ body: (Provider, Service) async throws -> Void) async throws {
    let machine = try await Machine()
    let provider = try await Provider.start(lifetime: lifetime, on: machine)
    defer {
        provider.process.signal(SIGKILL)
        _ = provider.process.wait()
    }
    let service = try await Service.start(
        on: machine,
        with: [
            "KMS_AUTH_JWT_ISSUER": provider.issuer, "KMS_AUTH_JWT_AUDIENCE": "kms-cli",
            "KMS_AUTH_JWT_JWKS": provider.issuer + "/jwks",
        ])
    try await body(provider, service)
    await service.stop()
}

/// Waits until a program has written what matches.
private func firstMatch(
    in path: String, _ pattern: Regex<(Substring, Substring)>, while process: ChildProcess
) async throws -> String {
    let started = ContinuousClock.now
    while ContinuousClock.now - started < .seconds(30) {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        if let match = text.firstMatch(of: pattern) { return String(match.1) }
        guard process.isRunning else { throw CommandFailure("the program has ended: \(text)") }
        // The other process needs time; only its output can be waited for.
        try await Task.sleep(for: .milliseconds(10))
    }
    throw CommandFailure("the program did not answer in time")
}
