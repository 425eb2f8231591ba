import Foundation
import ServiceTesting
import Testing

/// Access keys and project locations, as administrators enter the commands, on the real service.
@Suite struct AccessKeyCommandTests {
    @Test func `an administrator gives a project its place, and people access keys for it`() async throws {
        try await withService { service in
            func admin(_ arguments: String...) async throws -> Outcome { try await run(service, arguments) }
            let made = try await admin(
                "project", "create", "payroll", "--account", "111122223333", "--region", "eu-central-1")
            #expect(made.text.contains("111122223333") && made.text.contains("eu-central-1"), "\(made.errors)")
            #expect(try await admin("project", "list").text.contains("us-east-1"), "the first project has one, too")
            #expect(
                try await admin("project", "show", "payroll", "--json").text.contains(#""account" : "111122223333""#))
            let moved = try await admin(
                "project", "update", "payroll", "--account", "111122223333", "--region", "eu-west-1")
            #expect(moved.status == 8 && moved.errors.contains("never moves"))
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
            #expect(created.text.contains("export AWS_DEFAULT_REGION=eu-central-1\n"))
            let json = try await admin("access-key", "create", "alice", "--json")
            #expect(json.text.firstMatch(of: /"secret" : "/) != nil)

            let list = try await admin("access-key", "list", "alice")
            #expect(list.text.contains(id) && list.text.contains("10.0.0.0/8") && !list.text.contains("SECRET"))
            #expect(try await admin("access-key", "disable", id).text == "access key \(id) of alice disabled\n")
            #expect(try await admin("access-key", "enable", id).text == "access key \(id) of alice enabled\n")
            #expect(try await admin("access-key", "delete", id, "--yes").text == "access key \(id) of alice deleted\n")
            #expect(try await admin("access-key", "list", "alice").text.contains("deleted"))
            #expect(try await admin("access-key", "enable", id).status == 8)
            #expect(try await admin("access-key", "delete", "AKIAABCDEFGHIJKLMNOP", "--yes").status == 7)
            #expect(try await service.kms("access-key", "create", "alice").status == 6)
        }
    }

    private func run(_ service: Service, _ arguments: [String]) async throws -> Outcome {
        let more = ["KMS_URL": service.url, "KMS_TOKEN_FILE": service.machine.path("credentials/admin.token")]
        return try await Command.run(
            Command.product, arguments, input: Data(), environment: service.machine.environment.merging(more) { $1 })
    }
}
