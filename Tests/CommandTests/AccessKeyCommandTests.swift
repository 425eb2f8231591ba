import Foundation
import ServiceTesting
import Testing

/// Access keys and project locations, as administrators enter the commands, on the real service.
@Suite struct AccessKeyCommandTests {
    @Test func `an administrator gives a project its place, and people access keys for it`() async throws {
        try await withService { service in
            func admin(_ arguments: String...) async throws -> Outcome { try await run(service, arguments) }
            let made = try await admin(
                "project", "create", "payroll", "--account", "111122223333", "--region", "eu-central-1",
                "--wide")
            #expect(made.text.contains("111122223333") && made.text.contains("eu-central-1"), "\(made.errors)")
            #expect(try await admin("project", "list").text.contains("us-east-1"), "the first project has one, too")
            #expect(
                try await admin("project", "show", "payroll", "--json").text.contains(#""account" : "111122223333""#))
            let moved = try await admin(
                "project", "update", "payroll", "--account", "111122223333", "--region", "eu-west-1")
            #expect(moved.status == 8 && moved.errors.contains("cannot be moved"))
            #expect(try await admin("project", "update", "payroll", "--description", "Wages").status == 0)

            #expect(try await admin("subject", "create", "alice").status == 0)
            let homeless = try await admin("access-key", "create", "alice")
            #expect(homeless.status == 9 && homeless.errors.contains("--account"))
            #expect(try await admin("role", "grant", "user", "alice", "--project", "payroll").status == 0)
            let created = try await admin("access-key", "create", "alice", "--days", "30", "--network", "10.0.0.0/8")
            #expect(created.status == 0, "\(created.errors)")
            let id = String(
                try #require(created.text.firstMatch(of: /export AWS_ACCESS_KEY_ID=(AKIA[A-Z2-7]{16})\n/)).1)
            #expect(created.text.firstMatch(of: /export AWS_SECRET_ACCESS_KEY=[A-Za-z0-9+\/]{40}\n/) != nil)
            #expect(created.text.split(separator: "\n").allSatisfy { $0.hasPrefix("export AWS_") }, "\(created.text)")
            #expect(created.errors.contains("10.0.0.0/8") && created.errors.contains("alice"))
            let json = try await admin("access-key", "create", "alice", "--json")
            #expect(json.text.firstMatch(of: /"secret" : "/) != nil)
            #expect(json.text.contains(#""endpoint" : "\#(service.url)""#), "\(json.text)")

            let list = try await admin("access-key", "list", "alice")
            #expect(list.text.contains(id) && list.text.contains("10.0.0.0/8") && !list.text.contains("SECRET"))
            #expect(try await admin("access-key", "disable", id).text == "Disabled access key \(id) of alice\n")
            #expect(try await admin("access-key", "enable", id).text == "Enabled access key \(id) of alice\n")
            #expect(try await admin("access-key", "delete", id, "--yes").text == "Deleted access key \(id) of alice\n")
            #expect(try await admin("access-key", "list", "alice").text.contains("deleted"))
            #expect(try await admin("access-key", "enable", id).status == 8)
            #expect(try await admin("access-key", "delete", "AKIAABCDEFGHIJKLMNOP", "--yes").status == 7)
            #expect(try await service.kms("access-key", "create", "alice").status == 6)
        }
    }

    @Test func `a shell evaluates what access-key create prints: key, secret, endpoint and region`() async throws {
        try await withService { service in
            func admin(_ arguments: String...) async throws -> Outcome { try await run(service, arguments) }
            #expect(try await admin("subject", "create", "alice").status == 0)
            #expect(try await admin("role", "grant", "user", "alice", "--in", "default").status == 0)
            let script = """
                set -eu
                export KMS_URL=\(service.url) KMS_TOKEN_FILE=\(service.machine.path("credentials/admin.token"))
                eval "$('\(Command.product)' access-key create alice --days 90 2>/dev/null)"
                echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_ENDPOINT_URL_KMS $AWS_DEFAULT_REGION $AWS_REGION"
                """
            let shell = try await service.machine.run("sh", "-c", script)
            #expect(shell.status == 0, "\(shell.errors)")
            let words = shell.text.split(whereSeparator: \.isWhitespace)
            #expect(words.count == 5 && words[0].hasPrefix("AKIA") && words[1].count == 40, "\(shell.text)")
            #expect(words.dropFirst(2).elementsEqual([service.url[...], "us-east-1", "us-east-1"]), "\(shell.text)")
        }
    }

    @Test func `a role in an account is a role in all of its projects, and init makes a project for each region`()
        async throws
    {
        let machine = try await Machine(isReady: false)
        try await machine.initializeToken()
        try await machine.succeed("root", "init")
        let twice = try await machine.kms(
            "init", "--credentials", machine.path("credentials"), "--region", "eu-west-1", "--region", "eu-west-1")
        #expect(twice.status == 9 && twice.errors.contains("twice"), "\(twice.errors)")
        let made = try await machine.succeed(
            "init", "--credentials", machine.path("credentials"), "--account", "111122223333", "--region",
            "eu-central-1", "--region", "eu-west-1")
        #expect(made.text.contains("default (account 111122223333, region eu-central-1)"), "\(made.text)")
        #expect(made.text.contains("default-eu-west-1 (account 111122223333, region eu-west-1)"), "\(made.text)")
        try await withService(on: machine) { service in
            func admin(_ arguments: String...) async throws -> Outcome { try await run(service, arguments) }
            // The first manager has the role in both projects.
            for project in ["default", "default-eu-west-1"] {
                let key = try await service.kms("key", "create", "k", "--project", project)
                #expect(key.status == 0, "\(key.errors)")
            }
            #expect(try await admin("project", "create", "apart", "--account", "999922223333").status == 0)
            #expect(try await admin("subject", "create", "alice").status == 0)
            let granted = try await admin("role", "grant", "user", "alice", "--account", "111122223333")
            #expect(granted.status == 0, "\(granted.errors)")
            for (project, has) in [("default", true), ("default-eu-west-1", true), ("apart", false)] {
                let roles = try await admin("role", "list", "--project", project)
                #expect(roles.text.contains("alice") == has, "\(project)")
            }
            let revoked = try await admin("role", "revoke", "alice", "--account", "111122223333", "--yes")
            #expect(revoked.status == 0, "\(revoked.errors)")
            #expect(try await !admin("role", "list", "--project", "default").text.contains("alice"))
            let nowhere = try await admin("role", "grant", "user", "alice", "--account", "123412341234")
            #expect(nowhere.status == 7 && nowhere.errors.contains("no project is in account"), "\(nowhere.errors)")
            let both = try await admin("role", "grant", "user", "alice", "--account", "111122223333", "--in", "default")
            #expect(both.status == 9 && both.errors.contains("--account"), "\(both.errors)")
        }
    }

    @Test func `principals outside the directory are granted rights by an explicit setting only`() async throws {
        for (setting, status) in [("false", 7), ("true", 0)] as [(String, Int32)] {
            let machine = try await Machine()
            // An issuer alone does not change it.
            try machine.write(#"{"keys":[]}"#, to: "jwks.json")
            let settings = [
                "KMS_AUTH_UNLISTED_PRINCIPALS": setting, "KMS_AUTH_JWT_ISSUER": "https://issuer.example",
                "KMS_AUTH_JWT_AUDIENCE": "kms", "KMS_AUTH_JWT_JWKS": machine.path("jwks.json"),
            ]
            let service = try await Service.start(on: machine, with: settings)
            #expect(try await service.kms("key", "create", "k").status == 0)
            let granted = try await service.kms(
                "key", "grant", "create", "k", "subject:oidc:alice", "--action", "decrypt")
            #expect(granted.status == status, "\(setting): \(granted.errors)")
            #expect(await service.stop() == 0)
        }
    }

    private func run(_ service: Service, _ arguments: [String]) async throws -> Outcome {
        let more = ["KMS_URL": service.url, "KMS_TOKEN_FILE": service.machine.path("credentials/admin.token")]
        return try await Command.run(
            Command.product, arguments, input: Data(), environment: service.machine.environment.merging(more) { $1 })
    }
}
