import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// Mistakes of an operator on the command line. Each has a clear error and an exit code, and changes nothing.
@Suite struct RefusalTests {
    private func expect(_ outcome: Outcome, _ status: Int32, _ text: String, _ comment: Comment? = nil) {
        #expect(outcome.status == status, comment ?? "\(outcome.errors)")
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
        #expect(outcome.output.isEmpty, comment)
    }

    @Test func `no token, and those that are there`() async throws {
        let machine = try await Machine()
        let uri = "pkcs11:token=kmz?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:\(machine.path("pin"))"
        let outcome = try await machine.kms("serve", "--token-uri", uri)
        expect(outcome, 3, "token 'kmz' not found; tokens present: token 'kms' (serial ")
    }

    @Test func `a wrong PIN is tried once and ends the service`() async throws {
        let machine = try await Machine()
        try machine.write("wrong-pin", to: "pin")
        expect(try await machine.kms("serve", "--port", "0"), 3, "refuses the PIN; it was tried once")
        try machine.write(Machine.pin, to: "pin")
        let service = try await Service.start(on: machine)
        #expect(await service.stop() == 0)
    }

    @Test func `root keys and stores are not made by themselves`() async throws {
        let machine = try await Machine(isReady: false)
        try await machine.initializeToken()
        expect(try await machine.kms("init", "--credentials", machine.path("credentials")), 3, "run 'kms root init'")
        try await machine.succeed("root", "init")
        expect(try await machine.kms("serve", "--port", "0"), 4, "run 'kms init'")
        #expect(!FileManager.default.fileExists(atPath: machine.path("kms.sqlite")))
    }

    @Test func `nothing is initialised twice`() async throws {
        let machine = try await Machine()
        let credentials = try Data(contentsOf: URL(filePath: machine.path("credentials/manager.token")))
        expect(try await machine.kms("root", "init"), 3, "has root keys already (epoch 1)")
        expect(
            try await machine.kms("token", "init", "kms", "--so-pin-source", "file:\(machine.path("so-pin"))"), 3,
            "token 'kms' (serial ")
        expect(
            try await machine.kms("init", "--credentials", machine.path("credentials")), 2, "it is not overwritten")
        expect(
            try await machine.kms("init", "--credentials", machine.path("others")), 4,
            "the store is initialised already")
        #expect(!FileManager.default.fileExists(atPath: machine.path("others/manager.token")))
        #expect(try Data(contentsOf: URL(filePath: machine.path("credentials/manager.token"))) == credentials)
    }

    @Test func `a store whose credentials cannot be written is not bound, and can be initialised afterwards`()
        async throws
    {
        let machine = try await Machine(isReady: false)
        try await machine.initializeToken()
        try await machine.succeed("root", "init")
        let folder = machine.path("first")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        // Blocks the second credential, after the first was written.
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/user.token", withDestinationPath: "nowhere")
        expect(try await machine.kms("init", "--credentials", folder), 2, "user.token exists already")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/manager.token"))
        try await machine.succeed("init", "--credentials", machine.path("credentials"))
        let service = try await Service.start(on: machine)
        #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        await service.stop()
    }

    @Test func `a store that cannot be used is refused`() async throws {
        let machine = try await Machine()
        expect(try await machine.kms("serve", "--store", machine.path("nowhere/kms.sqlite")), 4, "nowhere/kms.sqlite")
        expect(try await machine.kms("serve", "--store", "/proc/kms.sqlite"), 4, "/proc/kms.sqlite")
        expect(
            try await machine.kms("init", "--store", "/proc/kms.sqlite", "--credentials", machine.path("new")), 4,
            "/proc")
        #expect(!FileManager.default.fileExists(atPath: machine.path("new/manager.token")))
        try machine.write(
            "this is no database, whatever its name says, and long enough to be looked at", to: "text.sqlite")
        expect(try await machine.kms("serve", "--store", machine.path("text.sqlite")), 4, "text.sqlite")
        try await machine.sql("INSERT INTO grdb_migrations VALUES ('9999 from the future')")
        expect(try await machine.kms("serve", "--port", "0"), 4, "written by a newer release")
    }

    @Test func `two tokens with one label are named, with their serials`() async throws {
        let machine = try await Machine()
        let twin = try await machine.run(
            "softhsm2-util", "--init-token", "--free", "--label", "kms", "--pin", "other", "--so-pin", "officer")
        #expect(twin.status == 0)
        for command in ["serve", "init"] {
            let more = command == "init" ? ["--credentials", machine.path("more")] : []
            let outcome = try await Command.run(
                Command.product, [command] + more, input: Data(), environment: machine.environment)
            expect(outcome, 3, "token 'kms' names more than one token: token 'kms' (serial ")
        }
    }

    @Test func `root keys that others made, with other attributes, are refused`() async throws {
        let machine = try await Machine(isReady: false)
        try await machine.initializeToken()
        let tool = ["--module", SoftHSMFolder.modulePath, "--token-label", "kms", "--login", "--pin", Machine.pin]
        func make(_ label: String, _ type: String) async throws -> Int32 {
            try await Command.run(
                "/usr/bin/env", ["pkcs11-tool"] + tool + ["--keygen", "--key-type", type, "--label", label],
                input: Data(), environment: machine.environment
            ).status
        }
        #expect(try await make("kms-root-wrap-1", "AES:32") == 0)
        expect(try await machine.kms("serve"), 3, "half a pair of root keys: kms-root-mac-1 is missing")
        #expect(try await make("kms-root-mac-1", "GENERIC:32") == 0)
        let refused = try await machine.kms("serve")
        expect(refused, 3, "break the rule for root keys")
        #expect(refused.errors.contains("kms-root-wrap-1: CKA_DECRYPT is true"), "\(refused.errors)")
        #expect(try await machine.kms("root", "show").status == 3)
    }

    @Test func `a port in use is named`() async throws {
        try await withService { service in
            let port = String(service.url.split(separator: ":").last ?? "")
            let second = try await Machine()
            let outcome = try await second.kms("serve", "--port", port)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("cannot run on 127.0.0.1 port \(port)"), "\(outcome.errors)")
        }
    }

    @Test func `settings that cannot be are refused with their place`() async throws {
        let machine = try await Machine()
        for (yaml, text) in [
            ("token:\n  worker: 3\n", "kms.yaml:2: there is no setting 'token.worker'"),
            ("token:\n  workers: many\n", "token.workers"),
            ("server:\n  host: 0.0.0.0\n", "the service speaks plain HTTP"),
            ("server: [1]\n", "'server' is no single value"), ("a: b: c\n", "is not valid YAML"),
            ("log:\n  level: loud\n", "it has to be one of trace"),
            ("token:\n  deadline: 5 s\n", "it has to be a duration"),
            ("server:\n  max-connections-per-source: 0\n", "a number from 1 to 100000"),
            ("server:\n  header-timeout: 0s\n", "it has to be a duration"),
            ("server:\n  idle-timeout: 61m\n", "it has to be a duration"),
            ("log:\n  queue-bytes: 4095\n", "a number from 4096 to 1073741824"),
            ("health:\n  listen: 8701\n", "it has to be HOST:PORT"),
            ("health:\n  listen: 127.0.0.1:65536\n", "it has to be HOST:PORT"),
            ("health:\n  listen: '::1:8701'\n", "it has to be HOST:PORT"),
            ("health:\n  port: 8701\n", "there is no setting 'health.port'"),
        ] {
            try machine.write(yaml, to: "kms.yaml")
            expect(try await machine.kms("serve", "--config", machine.path("kms.yaml")), 2, text)
        }
        expect(
            try await machine.kms("serve", "--config", machine.path("missing.yaml")), 2, "missing.yaml cannot be read")
        expect(
            try await machine.kms("serve", "--token-uri", "pkcs11:token=kms?pin-value=\(Machine.pin)"), 3, "pin-value")
        expect(try await machine.kms("serve", "--token-uri", "pkcs12:token=kms"), 2, "token.uri")
    }

    @Test func `clients say what is wrong, and with which code they end`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            expect(try await service.kms("key", "create", "a"), 8, "KEY_NAME_TAKEN")
            expect(try await service.kms("key", "create", String(repeating: "n", count: 300)), 9, "300 bytes")
            expect(try await service.kms("key", "create", "a\u{7}b"), 9, "INVALID_REQUEST")
            expect(try await service.kms("key", "show", "nobody"), 7, "no key 'nobody'")
            expect(try await service.kms("key", "show", "../readyz"), 9, "INVALID_REQUEST")
            expect(try await service.kms("key", "create", "b", as: "user"), 6, "requires the role manager")
            expect(try await service.kms("key", "create", "b", as: "nobody"), 2, "nobody.token cannot be read")
            let large = Data(count: 4097)
            expect(try await service.kms("encrypt", "a", input: large), 9, "4097 bytes")
            expect(try await service.kms("encrypt", "a", input: Data()), 9, "0 bytes")
            expect(try await service.kms("decrypt", input: Data("kms:1:AAAA".utf8)), 9, "DECRYPTION_FAILED")
            expect(try await service.kms("data-key", "create", "a", "--bytes", "1025"), 9, "1 to 1024 bytes")
            expect(try await service.kms("encrypt", "a", "--context", "x", input: Data([1])), 9, "is not NAME=VALUE")
            expect(try await service.kms("key", "list", "--url", "http://127.0.0.1:1"), 5, "cannot be reached")
            expect(try await service.kms("key", "list", "--url", "http://kms.example"), 2, "plain HTTP to another host")
            expect(
                try await service.kms("key", "list", "--url", "http://127.kms.example"), 2, "plain HTTP to another host"
            )
            #expect(try await service.kms("key", "list", "--nonsense").status == 64)
        }
    }
}
