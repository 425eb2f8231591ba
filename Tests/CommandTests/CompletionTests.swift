import Foundation
import ServiceTesting
import Testing

/// The completions of shells, the manual pages and the page of commands, which are all made from the program itself.
@Suite(.timeLimit(.minutes(3))) struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"]) func `a shell accepts its script`(_ shell: String) async throws {
        let machine = try await Machine(isReady: false)
        let script = try await machine.kms("completion", shell)
        #expect(script.status == 0 && script.text.contains("data-key"), "\(script.errors)")
        try machine.write(script.text, to: "script")
        let checked = try await machine.run(shell, "-n", machine.path("script"))
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(try await machine.kms("completion", "tcsh").status == 64)
    }

    @Test func `bash completes keys, aliases, projects and contexts from the service`() async throws {
        try await withService { service in
            for name in ["payroll", "payments", "orders"] {
                #expect(try await service.kms("key", "create", name).status == 0)
            }
            let alias = try await service.kms("alias", "set", "pay-current", "payroll")
            #expect(alias.status == 0)
            #expect(try await completions(service, "kms key show pay") == ["pay-current", "payments", "payroll"])
            #expect(try await completions(service, "kms key show x") == [])
            #expect(try await completions(service, "kms key list --project def") == ["default"])
            #expect(
                try await completions(service, "kms key create a --algorithm EC-P2") == ["EC-P256"])
            let home = ["HOME": service.machine.path("home")]
            for name in ["production", "staging"] {
                #expect(
                    try await service.machine.kms("context", "set", name, "--url", "https://a.example", with: home)
                        .status == 0)
            }
            #expect(try await completions(service, "kms context use p", with: home) == ["production"])
        }
    }

    @Test func `without a service nothing is completed, and nothing is said`() async throws {
        let machine = try await Machine()
        for url in ["http://127.0.0.1:1", "nonsense", ""] {
            let outcome = try await complete(machine, "kms key show pay", ["KMS_URL": url])
            #expect(outcome.text.isEmpty && outcome.errors.isEmpty, "\(outcome.text) \(outcome.errors)")
        }
    }

    @Test func `the version has a short and a long option`() async throws {
        let machine = try await Machine(isReady: false)
        let long = try await machine.kms("--version")
        #expect(long.status == 0 && long.text.firstMatch(of: /^\d+\.\d+\.\d+\n$/) != nil)
        let short = try await machine.kms("-v")
        #expect(short.status == 0 && short.text == long.text)
        #expect(try await machine.kms("help", "key", "list").text.contains("USAGE: kms key list"))
    }

    @Test func `the page of commands is the one that the program describes`() async throws {
        let machine = try await Machine(isReady: false)
        let outcome = try await script(machine, "command-reference", "--check")
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func `every command has a manual page, in which mandoc finds no error`() async throws {
        let machine = try await Machine(isReady: false)
        let outcome = try await script(machine, "man-pages", machine.path("man"))
        #expect(outcome.status == 0, "\(outcome.text) \(outcome.errors)")
        let pages = try FileManager.default.contentsOfDirectory(atPath: machine.path("man"))
        #expect(pages.contains("kms.1") && pages.contains("kms-key.1") && pages.contains("kms-login.1"))
        let page = try await machine.run("mandoc", "-T", "utf8", machine.path("man/kms-key.1"))
        #expect(page.status == 0 && page.text.contains("kms key create"), "\(page.errors)")
    }

    /// Runs a script of the repository with the tested program.
    private func script(_ machine: Machine, _ name: String, _ arguments: String...) async throws -> Outcome {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/\(name)").path
        return try await Command.run(
            path, arguments, input: Data(), environment: machine.environment.merging(["KMS": Command.product]) { $1 })
    }

    /// Completes a command line as bash does, with the cursor at its end.
    private func completions(
        _ service: Service, _ line: String, with more: [String: String] = [:]
    ) async throws -> [String] {
        let outcome = try await complete(
            service.machine, line, more.merging(["KMS_URL": service.url]) { $1 })
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        return Set(outcome.text.split(separator: "\n").map(String.init)).sorted()
    }

    private func complete(_ machine: Machine, _ line: String, _ more: [String: String]) async throws -> Outcome {
        let script = """
            set +o posix
            kms() { "$KMS" "$@"; }
            source <("$KMS" completion bash) || exit 1
            COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
            read -ra COMP_WORDS <<<"$1"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _kms kms "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            for word in "${COMPREPLY[@]}"; do [ -z "$word" ] || printf '%s\\n' "${word% }"; done
            """
        return try await Command.run(
            "/usr/bin/env", ["bash", "-c", script, "bash", line], input: Data(),
            environment: machine.environment.merging(more) { $1 }.merging(["KMS": Command.product]) { $1 })
    }
}
