import Foundation
import ServiceTesting
import Testing

/// The commands as an operator enters them.
@Suite struct CommandLineTests {
    @Test func `data goes from standard input to standard output, and back`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a", "--description", "for tests").status == 0)
            let secret = Data((0...255).map { UInt8($0) })
            let encrypted = try await service.kms(
                "encrypt", "a", "--context", "use=test", "--context", "to=me", input: secret)
            #expect(encrypted.text.hasPrefix("kms:1:"))
            let decrypted = try await service.kms(
                "decrypt", "--context", "to=me", "--context", "use=test", input: encrypted.output)
            #expect(decrypted.output == secret)
            #expect(try await service.kms("decrypt", "a", input: encrypted.output).status == 9)
        }
    }

    @Test func `a data key goes to new files only, with mode 0600`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let (plaintext, ciphertext) = (service.machine.path("dk"), service.machine.path("dk.kms"))
            let arguments = ["--plaintext-out", plaintext, "--ciphertext-out", ciphertext]
            let issued = try await service.kms(
                "data-key", "create", "a", arguments[0], arguments[1], arguments[2], arguments[3])
            #expect(issued.status == 0)
            let key = try Data(contentsOf: URL(filePath: plaintext))
            #expect(key.count == 32)
            #expect(!issued.text.contains(key.base64EncodedString()))
            for path in [plaintext, ciphertext] {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            let back = try await service.kms("decrypt", "--in", ciphertext)
            #expect(back.output == key)
            let again = try await service.kms("data-key", "create", "a", arguments[0], arguments[1])
            #expect(again.status == 2)
            #expect(again.errors.contains("it is not overwritten"))
            #expect(try Data(contentsOf: URL(filePath: plaintext)) == key)
        }
    }

    @Test func `programs get JSON and nothing else`() async throws {
        try await withService { service in
            for arguments in [
                ["key", "create", "a", "--json"], ["key", "list", "--json"], ["key", "show", "a", "--json"],
                ["key", "update", "a", "--description", "d", "--json"], ["key", "rotate", "a", "--json"],
                ["version", "list", "a", "--json"], ["data-key", "create", "a", "--json"],
                ["data-key", "create", "a", "--bytes", "20", "--without-plaintext", "--json"],
                ["root", "show", "--json"],
                ["token", "list", "--json"], ["token", "probe", "--json"], ["config", "check", "--json"],
            ] {
                let outcome = try await Command.run(
                    Command.product, arguments, input: Data(),
                    environment: service.machine.environment.merging(["KMS_URL": service.url]) { $1 })
                #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
                #expect(throws: Never.self, "\(arguments)") { try JSONSerialization.jsonObject(with: outcome.output) }
                #expect(outcome.errors.isEmpty)
            }
        }
    }

    @Test func `names, versions and pages are shown`() async throws {
        try await withService { service in
            for name in ["c", "a", "b"] { #expect(try await service.kms("key", "create", name).status == 0) }
            let page = try await service.kms("key", "list", "--limit", "2")
            #expect(page.text.split(separator: "\n").dropFirst().map { $0.prefix(1) } == ["a", "b"])
            let cursor = try #require(page.errors.firstMatch(of: /--cursor (\S+)/)).1
            let rest = try await service.kms("key", "list", "--cursor", String(cursor))
            #expect(rest.text.split(separator: "\n").dropFirst().map { $0.prefix(1) } == ["c"])
            #expect(try await service.kms("key", "update", "a", "--name", "z").text == "Updated a: name z\n")
            #expect(try await service.kms("key", "show", "a").status == 7)
            #expect(try await service.kms("key", "rotate", "z").text == "Rotated z: version 1 → 2\n")
            let versions = try await service.kms("version", "list", "z").text.split(separator: "\n").dropFirst()
            #expect(
                versions.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                    "2 active", "1 deactivated",
                ])
        }
    }

    @Test func `a key in pre-activation does no cryptography until its first rotation`() async throws {
        try await withService { service in
            let created = try await service.kms("key", "create", "a", "--pre-activation")
            #expect(created.text.contains("without a version"))
            let refused = try await service.kms("data-key", "create", "a")
            #expect(refused.status == 8 && refused.errors.contains("preActivation"))
            #expect(try await service.kms("key", "show", "a").text.contains("state            preActivation"))
            #expect(try await service.kms("key", "rotate", "a").text == "Rotated a: version 1\n")
            #expect(try await service.kms("key", "show", "a").text.contains("state            active"))
            #expect(try await service.kms("data-key", "create", "a").status == 0)
        }
    }

    @Test func `the good configuration is checked without a login`() async throws {
        let machine = try await Machine()
        let outcome = try await machine.kms("config", "check")
        #expect(outcome.status == 0 && outcome.text.contains("the configuration is valid"))
        try machine.write("wrong-pin", to: "pin")
        #expect(try await machine.kms("config", "check").status == 0)
        try machine.write(Machine.pin, to: "pin")
        #expect(try await machine.kms("token", "probe").status == 0)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `shells are given completions`(_ shell: String) async throws {
        let machine = try await Machine(isReady: false)
        let script = try await machine.kms("--generate-completion-script", shell)
        #expect(script.status == 0)
        #expect(script.text.contains("data-key"))
    }

    @Test func `the shown configuration file is a good one`() async throws {
        let machine = try await Machine()
        let shown = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../hsm-config/kms.yaml")
        // Flags and environment set this machine's paths; every other setting is taken from the file.
        let outcome = try await machine.kms("config", "check", "--wide", "--config", shown.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.matches(of: /kms\.yaml:\d+/).count > 50, "\(outcome.text)")
        // No setting is omitted.
        #expect(outcome.text.matches(of: /standard *\n/).isEmpty, "\(outcome.text)")
    }
}
