import Foundation
import ServiceTesting
import Testing

/// Lists and one-line answers, as people read them.
@Suite struct ListOutputTests {
    @Test func `the next page keeps the filters, and --all has all pages`() async throws {
        try await withService { service in
            for name in ["a1", "a2", "a3"] {
                #expect(try await service.kms("key", "create", name, "--tag", "team=it's us").status == 0)
            }
            #expect(try await service.kms("key", "create", "a4").status == 0)
            let page = try await service.kms("key", "list", "--tag", "team=it's us", "--limit", "2")
            let next = try #require(page.errors.firstMatch(of: /more: kms (.*) \(or --all\)/)).1
            #expect(next.contains(#"--tag 'team=it'\''s us' --limit 2 --cursor"#), "\(page.errors)")
            let rest = try await Command.run(
                "/bin/sh", ["-c", "'\(Command.product)' \(next)"], input: Data(),
                environment: service.machine.environment.merging([
                    "KMS_URL": service.url, "KMS_TOKEN_FILE": service.machine.path("credentials/manager.token"),
                ]) { $1 })
            #expect(rest.text.contains("a3") && !rest.text.contains("a4"), "\(rest.text)\(rest.errors)")
            let all = try await service.kms("key", "list", "--tag", "team=it's us", "--limit", "2", "--all")
            #expect(all.text.split(separator: "\n").dropFirst().map { $0.prefix(2) } == ["a1", "a2", "a3"])
            #expect(all.errors.isEmpty, "\(all.errors)")
            let json = try await service.kms("key", "list", "--limit", "1", "--all", "--json")
            let object = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
            #expect((object["keys"] as? [Any])?.count == 4)
            #expect(Set(object.keys) == ["keys"])
            #expect(try await service.kms("key", "list", "--all", "--cursor", "00").status == 9)
        }
    }

    @Test func `text fits 80 columns, and --wide has everything`() async throws {
        try await withService { service in
            let name = "a-key-with-a-rather-long-name"
            #expect(
                try await service.kms("key", "create", name, "--rotation-days", "90", "--description", "d").status == 0)
            for arguments in [["key", "list"], ["key", "show", name], ["version", "list", name], ["whoami"]] {
                let outcome = try await service.onTerminal(arguments, input: "")
                #expect(outcome.status == 0)
                for line in outcome.text.split(whereSeparator: \.isNewline) {
                    let plain = line.replacing(/\u{1B}\[\d+m/, with: "")
                    #expect(plain.count <= 80, "\(plain)")
                }
            }
            let list = try await service.kms("key", "list")
            #expect(list.text.contains("in 90 days") || list.text.contains("in 89 days"), "\(list.text)")
            let wide = try await service.kms("key", "list", "--wide")
            #expect(
                wide.text.contains(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) && wide.text.contains("encryptDecrypt"))
        }
    }

    @Test func `colour is for terminals, and NO_COLOR ends it`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let escape = "\u{1B}["
            #expect(try await service.onTerminal(["key", "list"], input: "").text.contains(escape + "32mactive"))
            #expect(try await !service.kms("key", "list").text.contains(escape))
            let plain = try await service.onTerminal(["key", "list"], input: "", with: ["NO_COLOR": "1"])
            #expect(plain.text.contains("active") && !plain.text.contains(escape), "\(plain.text)")
        }
    }

    @Test func `a change prints one line`() async throws {
        try await withService { service in
            let lines: [([String], String)] = [
                (["key", "create", "payroll"], "Created payroll (AES256-GCM96): version 1, rotated manually"),
                (["key", "rotate", "payroll"], "Rotated payroll: version 1 → 2"),
                (["key", "update", "payroll", "--rotation-days", "90"], "Updated payroll: rotated every 90 days"),
                (["key", "disable", "payroll"], "Disabled payroll; enable it with 'kms key enable payroll'"),
                (["key", "enable", "payroll"], "Enabled payroll"),
                (["version", "activate", "payroll", "1"], "Activated version 1 of payroll, the default version now"),
                (["key", "access", "enable", "payroll"], "Access control of payroll enabled for manager (owner)"),
                (["key", "access", "disable", "payroll"], "Access control of payroll disabled"),
                (["alias", "set", "pay", "payroll"], "Alias pay → payroll"),
                (["alias", "delete", "pay"], "Deleted alias pay"),
            ]
            for (arguments, line) in lines {
                let outcome = try await Command.run(
                    Command.product, arguments, input: Data(),
                    environment: service.machine.environment.merging([
                        "KMS_URL": service.url, "KMS_TOKEN_FILE": service.machine.path("credentials/manager.token"),
                    ]) { $1 })
                #expect(outcome.text == line + "\n", "\(outcome.errors)")
            }
            let wide = try await service.kms("key", "rotate", "payroll", "--wide")
            #expect(wide.text.contains(/default version +3/), "\(wide.text)")
        }
    }
}
