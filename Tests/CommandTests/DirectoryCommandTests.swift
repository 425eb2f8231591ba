import Foundation
import ServiceTesting
import Testing

/// Roles and their permissions, as administrators and users enter the commands, on the real service.
@Suite struct DirectoryCommandTests {
    @Test func `an administrator sets a project up, and its people use keys as far as their roles reach`() async throws
    {
        try await withService { service in
            func admin(_ arguments: String...) async throws -> Outcome {
                try await run(service, arguments, as: "admin")
            }
            func person(_ name: String, _ arguments: String...) async throws -> Outcome {
                try await run(service, arguments, as: name)
            }
            #expect(try await admin("project", "create", "payroll", "--description", "Wages").text.contains("payroll"))
            for name in ["alice", "bob", "carol"] {
                #expect(try await admin("subject", "create", "\(name)@example.com").status == 0)
                let out = service.machine.path("credentials/\(name).token")
                let issued = try await admin("credential", "issue", "\(name)@example.com", "--days", "30", "--out", out)
                #expect(issued.status == 0, "\(issued.errors)")
                #expect(!issued.text.contains("kms_"), "the token goes to its file only")
                let mode = try FileManager.default.attributesOfItem(atPath: out)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            #expect(try await admin("group", "create", "finance").status == 0)
            #expect(try await admin("group", "member", "add", "finance", "bob@example.com").text.contains("finance"))
            #expect(
                try await admin("role", "grant", "manager", "alice@example.com", "--project", "payroll").status == 0)
            #expect(try await admin("role", "grant", "user", "--group", "finance", "--project", "payroll").status == 0)
            #expect(try await admin("role", "grant", "user", "carol@example.com", "--project", "payroll").status == 0)
            let roles = try await person("alice", "role", "list", "--project", "payroll")
            #expect(roles.text.contains("group finance") && roles.text.contains("alice@example.com"))

            #expect(
                try await person("alice", "key", "create", "wages", "--wide").text.contains(
                    "owner            alice@example.com"))
            #expect(try await person("bob", "data-key", "create", "wages", "--without-plaintext", "--json").status == 0)
            #expect(try await person("bob", "key", "rotate", "wages").status == 6)
            let on = try await person("alice", "key", "access", "enable", "wages", "--group", "finance")
            #expect(on.status == 0 && on.text.contains("finance") && on.errors.isEmpty)
            #expect(try await person("bob", "data-key", "create", "wages", "--without-plaintext", "--json").status == 0)
            let hidden = try await person("carol", "data-key", "create", "wages", "--without-plaintext", "--json")
            #expect(hidden.status == 7 && hidden.errors.contains("KEY_NOT_FOUND"))
            let why = try await admin(
                "access", "explain", "carol@example.com", "wages", "decrypt", "--project", "payroll")
            #expect(why.text.contains("as if the key did not exist") && why.text.contains("does not list"))

            // The platform administrator cannot use keys, but can give a key to another owner.
            #expect(
                try await admin("data-key", "create", "wages", "--project", "payroll", "--without-plaintext").status
                    == 6)
            #expect(
                try await admin("key", "access", "owner", "wages", "bob@example.com", "--project", "payroll").status
                    == 0)
            let locked = try await person("alice", "key", "show", "wages")
            #expect(locked.status == 7, "no longer the owner, and not listed")
            #expect(try await person("bob", "whoami").text.contains("role              user"))

            let list = try await admin("credential", "list", "bob@example.com", "--json")
            let id = try #require(list.text.firstMatch(of: /"id" : "([0-9a-f]{16})"/)).1
            #expect(try await admin("credential", "revoke", String(id), "--yes").status == 0)
            #expect(try await person("bob", "whoami").status == 6)
            #expect(try await admin("subject", "delete", "carol@example.com", "--yes").status == 0)
            #expect(try await person("carol", "whoami").status == 6)
            #expect(try await admin("subject", "create", "carol@example.com").status == 8)
        }
    }

    @Test func `whoever changes access without being listed is warned`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let owned = try await service.kms("key", "access", "enable", "a")
            #expect(owned.status == 0 && owned.errors.isEmpty, "the owner stays in")
            #expect(try await service.kms("key", "access", "disable", "a").text == "Access control of a disabled\n")
            let given = try await run(
                service, ["key", "access", "owner", "a", "user", "--project", "default"], as: "admin")
            #expect(given.status == 0, "\(given.errors)")
            let dry = try await service.kms("key", "access", "enable", "a", "--dry-run")
            #expect(dry.errors.contains("warning") && dry.text.contains("nothing was changed"))
            #expect(try await service.kms("key", "show", "a").status == 0)
            let out = try await service.kms("key", "access", "enable", "a")
            #expect(out.errors.contains("warning: manager is not in the list"))
            #expect(try await service.kms("key", "show", "a").status == 7)
        }
    }

    @Test func `an agent gets the key of its service, and others see it only`() async throws {
        try await withService { service in
            let out = service.machine.path("credentials/agent.token")
            for arguments in [
                ["subject", "create", "agent", "--kind", "serviceAgent", "--service", "backup"],
                ["role", "grant", "user", "agent", "--project", "default"],
                ["credential", "issue", "agent", "--out", out],
            ] {
                let outcome = try await run(service, arguments, as: "admin")
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
            let key = try await run(service, ["service-key", "ensure"], as: "agent")
            #expect(key.text.contains("key of service backup") && key.text.contains("every 365 days"), "\(key.errors)")
            let id = try #require(key.text.firstMatch(of: /id +([0-9a-f-]{36})/)).1
            #expect(try await run(service, ["service-key", "ensure"], as: "agent").text.contains(id))
            #expect(
                try await run(service, ["data-key", "create", "service.backup", "--without-plaintext"], as: "agent")
                    .status == 0)
            #expect(try await service.kms("key", "show", "service.backup").status == 0)
            #expect(try await service.kms("data-key", "create", "service.backup", "--without-plaintext").status == 6)
            #expect(try await service.kms("key", "rotate", "service.backup").status == 6)
            #expect(try await service.kms("service-key", "ensure").status == 6)
        }
    }

    @Test func `whoever has the PIN gets an administrator back, beside the running service`() async throws {
        try await withService { service in
            let out = service.machine.path("credentials/emergency.token")
            let recovered = try await service.machine.kms("credential", "recover", "emergency", "--out", out)
            #expect(recovered.status == 0, "\(recovered.errors)")
            #expect(try await run(service, ["whoami"], as: "emergency").text.contains("administrator     yes"))
            let again = try await service.machine.kms("credential", "recover", "emergency", "--out", out)
            #expect(again.status == 2 && again.errors.contains("not overwritten"))
            try service.machine.write("wrong-pin", to: "pin")
            let refused = try await service.machine.kms("credential", "recover", "other", "--out", out + "2")
            #expect(refused.status == 3)
            try service.machine.write(Machine.pin, to: "pin")
        }
    }

    @Test func `an approval policy that nobody can change any more is lowered and removed with the PIN`() async throws {
        try await withService { service in
            for name in ["ann", "bob"] {
                #expect(
                    try await run(service, ["subject", "create", name, "--administrator"], as: "admin").status == 0)
            }
            func set(_ required: String) async throws -> Outcome {
                try await run(
                    service,
                    [
                        "approval", "policy", "set", "root-rotate", "--required", required, "--approver", "ann",
                        "--approver", "bob",
                    ], as: "admin")
            }
            #expect(try await set("2").status == 0)
            #expect(try await set("1").errors.contains("needs the approval of 2 of ann, bob"))
            let kept = try await run(service, ["subject", "delete", "ann", "--yes"], as: "admin")
            #expect(kept.status != 0 && kept.errors.contains("approval policy 'root-rotate'"), "\(kept.errors)")
            let machine = service.machine
            let reset = ["approval", "policy", "reset"]
            func kms(_ more: [String]) async throws -> Outcome {
                try await Command.run(
                    Command.product, reset + more, input: Data(), environment: machine.environment)
            }
            #expect(try await kms(["root-rotate"]).errors.contains("nothing was changed"), "not confirmed")
            #expect(try await kms(["anything", "--yes"]).errors.contains("no approval policy 'anything'"))
            #expect(
                try await kms(["destruction", "--yes"]).errors.contains("no approval policy 'destruction' is in force"))
            try machine.write("wrong-pin", to: "pin")
            #expect(try await kms(["root-rotate", "--yes"]).status == 3)
            try machine.write(Machine.pin, to: "pin")
            let lowered = try await kms(["root-rotate", "--required", "1", "--yes"])
            #expect(lowered.text == "root-rotate needs 1 of these approvals: ann, bob\n", "\(lowered.errors)")
            let removed = try await kms(["root-rotate", "--yes"])
            #expect(removed.text == "root-rotate needs no approvals\n", "\(removed.errors)")
            #expect(try await run(service, ["subject", "delete", "ann", "--yes"], as: "admin").status == 0)
            let found = try await machine.kms(
                "audit", "search", "--verb", "resetApprovalPolicy", "--dir", machine.path("audit-local"))
            #expect(found.text.contains("resetApprovalPolicy"), "\(found.text) \(found.errors)")
        }
    }

    private func run(_ service: Service, _ arguments: [String], as credential: String) async throws -> Outcome {
        let more = [
            "KMS_URL": service.url, "KMS_TOKEN_FILE": service.machine.path("credentials/\(credential).token"),
        ]
        return try await Command.run(
            Command.product, arguments, input: Data(), environment: service.machine.environment.merging(more) { $1 })
    }
}
