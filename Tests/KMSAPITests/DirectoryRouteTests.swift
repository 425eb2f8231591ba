import Foundation
import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

/// Projects, subjects, groups, roles and credentials over HTTP.
@Suite struct DirectoryRouteTests {
    @Test func `a project, its people and their roles are made, listed, changed and taken away`() async throws {
        try await Fixture().run { client in
            func admin(_ method: HTTPRequest.Method, _ path: String, _ json: String? = nil) async throws -> Answer {
                try await client.send(method, "/api/v1" + path, as: .admin, json)
            }
            let created = try await admin(.post, "/projects", #"{"name": "bank", "description": "Vaults"}"#)
            #expect(created.status == 201)
            #expect(try created.data("description") == "Vaults")
            #expect(try await admin(.post, "/projects", #"{"name": "bank"}"#).code == "NAME_TAKEN")
            #expect(
                try await admin(.patch, "/projects/bank", #"{"description": "Safes"}"#).data("revision", as: Int.self)
                    == 2)
            #expect(try await admin(.get, "/projects/bank").data("description") == "Safes")
            let projects = try await admin(.get, "/projects?limit=1")
            #expect(
                try (projects.data["projects"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["bank"])
            let next: String = try projects.data("next")
            let rest = try await admin(.get, "/projects?cursor=\(next)")
            #expect(try (rest.data["projects"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["shop"])

            let subject = try await admin(
                .post, "/subjects", #"{"name": "agent@x", "kind": "serviceAgent", "service": "mail"}"#)
            #expect(subject.status == 201)
            #expect(try subject.data("service") == "mail")
            #expect(try subject.data("administrator", as: Bool.self) == false)
            let granted = try await admin(.put, "/projects/bank/roles/subjects/agent%40x", #"{"role": "user"}"#)
            #expect(granted.status == 200)
            #expect(try await admin(.post, "/groups", #"{"name": "ops"}"#).status == 201)
            #expect(try await admin(.put, "/groups/ops/members/agent@x").status == 200)
            #expect(try await admin(.put, "/projects/bank/roles/groups/ops", #"{"role": "manager"}"#).status == 200)
            let shown = try await admin(.get, "/subjects/agent@x")
            #expect(try shown.data["groups"] as? [String] == ["ops"])
            #expect(try shown.data["roles"] as? [String: String] == ["bank": "user"])
            let members = try await admin(.get, "/groups/ops/members")
            #expect(try (members.data["members"] as? [[String: Any]])?.count == 1)
            let roles = try await admin(.get, "/projects/bank/roles")
            let found = try (roles.data["roles"] as? [[String: String]]) ?? []
            #expect(found == [["group": "ops", "role": "manager"], ["subject": "agent@x", "role": "user"]])

            let issued = try await admin(.post, "/subjects/agent@x/credentials", #"{"days": 3, "project": "bank"}"#)
            #expect(issued.status == 201)
            let token: String = try issued.data("token")
            let me = try await client.send(.get, "/api/v1/whoami", as: .bearer(token))
            #expect(try me.data("subject") == "agent@x")
            #expect(try me.data("role") == "manager")
            #expect(try me.data("project") == "bank")
            let id: String = try issued.data("id")
            #expect(try me.data("authentication") == "token:\(id)")
            let listed = try await admin(.get, "/subjects/agent@x/credentials")
            #expect(!listed.text.contains(token) && listed.text.contains(id))

            #expect(try await admin(.delete, "/groups/ops/members/agent@x").status == 200)
            #expect(try await client.send(.get, "/api/v1/whoami", as: .bearer(token)).data("role") == "user")
            #expect(try await admin(.delete, "/credentials/\(id)").data("revokedAt", as: String.self).isEmpty == false)
            #expect(try await client.send(.get, "/api/v1/whoami", as: .bearer(token)).status == 401)
            #expect(try await admin(.delete, "/groups/ops").status == 200)
            #expect(try await admin(.get, "/groups/ops").code == "GROUP_NOT_FOUND")
            #expect(try await admin(.delete, "/subjects/agent@x").status == 200)
            #expect(try await admin(.get, "/subjects/agent@x").code == "SUBJECT_NOT_FOUND")
            #expect(try await admin(.delete, "/projects/bank").status == 200)
            #expect(try await admin(.get, "/projects/bank").code == "PROJECT_NOT_FOUND")
        }
    }

    @Test func `what cannot be is refused with the field's name`() async throws {
        try await Fixture().run { client in
            for (path, json, mentions) in [
                ("/subjects", #"{}"#, "name"), ("/subjects", #"{"name": "a b"}"#, "subject"),
                ("/subjects", #"{"name": "a", "kind": "robot"}"#, "kind"),
                ("/subjects", #"{"name": "a", "kind": "serviceAgent"}"#, "service"),
                ("/subjects", #"{"name": "a", "service": "mail"}"#, "service"),
                ("/projects", #"{"name": "a/b"}"#, "project"), ("/groups", #"{"name": ""}"#, "group"),
                ("/subjects/ulf/credentials", #"{"days": 0}"#, "3650"),
                ("/subjects/ulf/credentials", #"{"days": 4000}"#, "3650"),
                ("/subjects/ulf/credentials", #"{"networks": ["10.0.0.1/8"]}"#, "networks[0]"),
                ("/subjects/ulf/credentials", #"{"networks": "10.0.0.0/8"}"#, "networks"),
            ] {
                let answer = try await client.send(.post, "/api/v1" + path, as: .admin, json)
                #expect(answer.status == 400, "\(json)")
                let message = try answer.message
                #expect(message.contains(mentions), "\(message)")
            }
            let nowhere = try await client.send(
                .post, "/api/v1/subjects/ulf/credentials", as: .admin, #"{"project": "nowhere"}"#)
            #expect(try nowhere.code == "PROJECT_NOT_FOUND")
            #expect(try await client.send(.delete, "/api/v1/credentials/xyz", as: .admin).status == 400)
            #expect(try await client.send(.patch, "/api/v1/subjects/ulf", as: .admin, "{}").status == 400)
        }
    }

    @Test func `access to a key is shown, changed and explained; whoever locks himself out is warned`() async throws {
        try await Fixture().run { client in
            let id = try await client.createKey()
            let path = "/api/v1/keys/orders/access"
            let off = try await client.send(.get, path)
            #expect(try off.data("accessControl", as: Bool.self) == false)
            #expect(try off.data("owner") == "maria")
            let on = try await client.send(.put, path, #"{"accessControl": true, "subjects": ["ulf"]}"#)
            #expect(try on.data["subjects"] as? [String] == ["ulf"])
            #expect(try on.data["warning"] == nil)
            #expect(try await client.send(.get, "/api/v1/keys/orders", as: .user).data("accessControl", as: Bool.self))
            #expect(try await client.send(.get, "/api/v1/keys/orders", as: .viewer).status == 404)
            let why = try await client.send(
                .post, "/api/v1/access/explain", as: .admin,
                #"{"subject": "vera", "verb": "describeKey", "key": "orders"}"#,
                headers: [.xProject: "shop"])
            #expect(try why.data("allowed", as: Bool.self) == false)
            #expect(try why.data("hidden", as: Bool.self))
            #expect(try why.data("keyId") == id)
            let owner = try await client.send(
                .put, "/api/v1/keys/orders/owner", as: .admin, #"{"owner": "ulf"}"#, headers: [.xProject: "shop"])
            #expect(try owner.data("owner") == "ulf")
            #expect(try await client.send(.get, path).status == 404, "maria is neither owner nor listed now")
            let homeless = try await client.send(
                .put, "/api/v1/keys/orders/owner", as: .admin, #"{"owner": "adam"}"#, headers: [.xProject: "shop"])
            #expect(homeless.status == 409)
        }
    }

    @Test func `more than the limit is answered with 429 and when to come again`() async throws {
        let limits = RateLimits(perSubject: [.symmetric: 1], perProject: [:])
        try await Fixture(limits: limits).run { client in
            try await client.createKey()
            let items = Array(repeating: "{}", count: 50).joined(separator: ",")
            let batch = try await client.send(
                .post, "/api/v1/keys/orders/batch/data-key", as: .user, #"{"items": [\#(items)]}"#)
            #expect(batch.status == 200)
            let over = try await client.send(.post, "/api/v1/keys/orders/data-key", as: .user)
            #expect(over.status == 429)
            #expect(try over.code == "RATE_LIMITED")
            let seconds = try #require(over.headers[.retryAfter].flatMap { Int($0) })
            #expect((40...50).contains(seconds))
            #expect(try await client.send(.post, "/api/v1/keys/orders/data-key").status == 200, "another subject")
        }
    }

    @Test func `without a durable entry in the audit log there is no answer`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            try await client.createKey()
            fixture.audit.fail(with: .unavailable("full"))
            let answer = try await client.send(.post, "/api/v1/keys/orders/data-key")
            #expect(answer.status == 503)
            #expect(try answer.code == "AUDIT_UNAVAILABLE")
            #expect(answer.headers[.retryAfter] == "1")
            #expect(try answer.json["data"] == nil)
        }
    }
}
