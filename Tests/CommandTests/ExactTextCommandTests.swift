import Foundation
import ServiceTesting
import Testing

/// Text from the command line, the environment and files, byte by byte.
@Suite struct ExactTextCommandTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    /// Runs a command through a shell that can make arguments of any bytes; `KMS` is the program.
    private func shell(_ service: Service, _ script: String) async throws -> Outcome {
        let environment = service.machine.environment.merging(["KMS_URL": service.url, "KMS": Command.product]) { $1 }
        return try await Command.run("/bin/sh", ["-c", script], input: Data(), environment: environment)
    }

    @Test func `arguments that are not UTF-8 are refused, for every option`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            for script in [
                #"printf x | "$KMS" encrypt a --context "$(printf 'n\377=v')""#,
                #"printf x | "$KMS" encrypt a --context "$(printf 'n=\303')""#,
                #""$KMS" key create "$(printf 'b\377')""#, #""$KMS" key show a --url "$(printf 'http://\377/')""#,
                #""$KMS" random 8 --out "$(printf '/tmp/kms-\377')""#,
                #""$KMS" file encrypt a --in /dev/null --out "$(printf '/tmp/kms-\355\240\200')""#,
                #""$KMS" config check --config "$(printf '/tmp/\377.yaml')""#, #""$KMS" "$(printf '\377')""#,
            ] {
                let outcome = try await shell(service, script)
                #expect(outcome.status == 9 && outcome.errors.contains("is not UTF-8"), "\(script): \(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
            let variable = try await shell(service, #"KMS_PROJECT="$(printf 'a\377')" "$KMS" key list"#)
            #expect(variable.status == 2 && variable.errors.contains("KMS_PROJECT is not UTF-8"))
            let other = try await shell(service, #"EDITOR="$(printf 'a\377')" "$KMS" key list"#)
            #expect(other.status == 0, "a variable that is not ours is nobody's business: \(other.errors)")
        }
    }

    @Test func `a configuration file that is not UTF-8, or says a thing twice, is refused`() async throws {
        let machine = try await Machine(isReady: false)
        let path = machine.path("kms.yaml")
        for (bytes, word) in [
            (Array("log:\n  level: \"".utf8) + [0xFF] + Array("\"\n".utf8), "UTF-8"),
            (Array("log:\n  level: info\nlog.level: debug\n".utf8), "twice"),
        ] {
            try Data(bytes).write(to: URL(filePath: path))
            let outcome = try await machine.kms("config", "check", "--config", path)
            #expect(outcome.status == 2 && outcome.errors.contains(word), "\(outcome.errors)")
        }
    }

    @Test func `two spellings of a name are two pairs of a context`() async throws {
        try await withService { service in
            let (composed, decomposed) = (Self.composed, Self.decomposed)
            #expect(try await service.kms("key", "create", "a").status == 0)
            let secret = Data("secret".utf8)
            let both = try await service.kms(
                "encrypt", "a", "--context", "\(composed)=1", "--context", "\(decomposed)=2", input: secret)
            #expect(both.status == 0, "\(both.errors)")
            let back = try await service.kms(
                "decrypt", "--context", "\(decomposed)=2", "--context", "\(composed)=1", input: both.output)
            #expect(back.output == secret, "\(back.errors)")
            for arguments in [["\(composed)=1"], ["\(decomposed)=2"], ["\(composed)=2"]] {
                let outcome = try await service.kms("decrypt", "--context", arguments[0], input: both.output)
                #expect(outcome.status == 9)
            }
            let one = try await service.kms("encrypt", "a", "--context", "\(composed)=1", input: secret)
            let other = try await service.kms("decrypt", "--context", "\(decomposed)=1", input: one.output)
            #expect(other.status == 9)
            let twice = try await service.kms(
                "encrypt", "a", "--context", "\(composed)=1", "--context", "\(composed)=2", input: secret)
            #expect(twice.status == 9 && twice.errors.contains("twice"))
        }
    }

    @Test func `tags, grants and files keep both, and programs are shown both`() async throws {
        try await withService { service in
            let (composed, decomposed) = (Self.composed, Self.decomposed)
            let pairs = ["\(composed)=1", "\(decomposed)=2"]
            func has(_ outcome: Outcome) -> Bool {
                outcome.output.firstRange(of: Data(composed.utf8)) != nil
                    && outcome.output.firstRange(of: Data(decomposed.utf8)) != nil
            }
            let created = try await service.kms("key", "create", "a", "--tag", pairs[0], "--tag", pairs[1], "--json")
            #expect(created.status == 0 && has(created), "\(created.errors)")
            #expect(has(try await service.kms("key", "show", "a")))
            #expect(has(try await service.kms("key", "list", "--json")))
            let granted = try await service.kms(
                "key", "grant", "create", "a", "*", "--action", "decrypt", "--context", pairs[0], "--context", pairs[1])
            #expect(granted.status == 0, "\(granted.errors)")
            #expect(has(try await service.kms("key", "grant", "list", "a")))
            #expect(has(try await service.kms("key", "grant", "list", "a", "--json")))
            let (plain, sealed) = (service.machine.path("plain"), service.machine.path("sealed"))
            try service.machine.write("content", to: "plain")
            let file = try await service.kms(
                "file", "encrypt", "a", "--in", plain, "--out", sealed, "--context", pairs[0], "--context", pairs[1])
            #expect(file.status == 0, "\(file.errors)")
            #expect(has(try await service.kms("file", "info", sealed, "--json")))
            #expect(try await service.kms("file", "decrypt", "--in", sealed).text == "content")
            let demanded = try await service.kms("file", "decrypt", "--in", sealed, "--context", pairs[0])
            #expect(demanded.status == 9)
        }
    }
}
