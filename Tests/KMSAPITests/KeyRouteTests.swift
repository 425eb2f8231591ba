import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

@Suite struct KeyRouteTests {
    @Test func `creating a key answers 201, where it is, and all that describes it`() async throws {
        try await Fixture().run { client in
            let answer = try await client.send(
                .post, "/api/v1/keys",
                #"{"name": "orders", "description": "of the \"shop\" \\ ü", "algorithm": "AES256-GCM96"}"#)
            #expect(answer.status == 201)
            #expect(try answer.code == "SUCCESS")
            let id: String = try answer.data("id")
            #expect(KeyID(id) != nil)
            #expect(answer.headers[.location] == "/api/v1/keys/\(id)")
            #expect(try answer.data("name") == "orders")
            #expect(try answer.data("description") == #"of the "shop" \ ü"#)
            #expect(try answer.data("project") == "shop")
            #expect(try answer.data("algorithm") == "AES256-GCM96")
            #expect(try answer.data("usage") == "encryptDecrypt")
            #expect(try answer.data("origin") == "generated")
            #expect(try answer.data("state") == "active")
            #expect(try answer.data("enabled", as: Bool.self))
            #expect(try answer.data("defaultVersion", as: Int.self) == 1)
            #expect(try answer.data("versionCount", as: Int.self) == 1)
            #expect(try answer.data("revision", as: Int.self) == 1)
            #expect(try answer.data("createdAt") == "2026-01-01T00:00:00.000Z")
            #expect(try answer.data("changedAt") == "2026-01-01T00:00:00.000Z")
        }
    }

    @Test func `a key in pre-activation has no default version and does no cryptography`() async throws {
        try await Fixture().run { client in
            let created = try await client.send(.post, "/api/v1/keys", #"{"name": "later", "preActivation": true}"#)
            #expect(try created.data("state") == "preActivation")
            #expect(created.text.contains(#""defaultVersion":null"#))
            let refused = try await client.send(.post, "/api/v1/keys/later/data-key")
            #expect(refused.status == 409)
            #expect(try refused.code == "STATE_FORBIDS")
        }
    }

    @Test func `an id and a name, also a percent-encoded one, name the same key`() async throws {
        try await Fixture().run { client in
            let id = try await client.createKey("order-keys")
            for path in [id, id.uppercased(), "order-keys", "order%2Dkeys", "%6frder-keys"] {
                let answer = try await client.send(.get, "/api/v1/keys/\(path)", as: .viewer)
                #expect(answer.status == 200)
                #expect(try answer.data("id") == id)
            }
        }
    }

    @Test func `a name is given once in a project`() async throws {
        try await Fixture().run { client in
            try await client.createKey("orders")
            let second = try await client.send(.post, "/api/v1/keys", #"{"name": "orders"}"#)
            #expect(second.status == 409)
            #expect(try second.code == "KEY_NAME_TAKEN")
            try await client.createKey("invoices")
            let renamed = try await client.send(.patch, "/api/v1/keys/invoices", #"{"name": "orders"}"#)
            #expect(try renamed.code == "KEY_NAME_TAKEN")
        }
    }

    @Test func `changing name and description keeps the id and counts the revision`() async throws {
        try await Fixture().run { client in
            let id = try await client.createKey("orders")
            let answer = try await client.send(.patch, "/api/v1/keys/orders", #"{"name": "o2", "description": "x"}"#)
            #expect(answer.status == 200)
            #expect(try answer.data("id") == id)
            #expect(try answer.data("name") == "o2")
            #expect(try answer.data("description") == "x")
            #expect(try answer.data("revision", as: Int.self) == 2)
            let nothing = try await client.send(.patch, "/api/v1/keys/o2", "{}")
            #expect(nothing.status == 400)
            #expect(try nothing.code == "INVALID_REQUEST")
        }
    }

    @Test func `rotating makes a new default version, with no body or an empty object`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let first = try await client.send(.post, "/api/v1/keys/orders/rotate")
            #expect(first.status == 200)
            #expect(try first.data("defaultVersion", as: Int.self) == 2)
            let second = try await client.send(.post, "/api/v1/keys/orders/rotate", "{}")
            #expect(try second.data("defaultVersion", as: Int.self) == 3)
            let refused = try await client.send(.post, "/api/v1/keys/orders/rotate", #"{"none": 1}"#)
            #expect(refused.status == 400)
        }
    }

    @Test func `the list of keys is sorted by name and walked by its cursor`() async throws {
        try await Fixture().run { client in
            for name in ["c", "a", "b", "e", "d"] { try await client.createKey(name) }
            var names: [String] = []
            var query = "?limit=2"
            var pages = 0
            while true {
                let page = try await client.send(.get, "/api/v1/keys\(query)", as: .viewer)
                #expect(page.status == 200)
                names += try page.data("keys", as: [[String: Any]].self).compactMap { $0["name"] as? String }
                pages += 1
                guard let next = try page.data["next"] as? String else { break }
                query = "?limit=2&cursor=\(next)"
            }
            #expect(names == ["a", "b", "c", "d", "e"])
            #expect(pages == 3)
        }
    }

    @Test func `a list without keys is an empty list and no cursor`() async throws {
        try await Fixture().run { client in
            let page = try await client.send(.get, "/api/v1/keys", as: .viewer)
            #expect(page.text.contains(#""data":{"keys":[],"next":null}"#))
        }
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=x", "limit=", "limit=1&limit=2", "cursor=", "cursor=*", "cursor=%00",
        "cursor=Lw", "cursor=_w", "cursor=YQ&cursor=YQ", "page=2", "limit=%zz", "limit",
    ])
    func `a query that a list does not know is refused`(query: String) async throws {
        try await Fixture().run { client in
            let answer = try await client.send(.get, "/api/v1/keys?\(query)", as: .viewer)
            #expect(answer.status == 400)
            #expect(try answer.code == "INVALID_REQUEST")
        }
    }

    @Test func `versions are listed from the newest on and walked by their cursor, and each can be described`()
        async throws
    {
        try await Fixture().run { client in
            try await client.createKey()
            for _ in 0..<2 { _ = try await client.send(.post, "/api/v1/keys/orders/rotate") }
            let page = try await client.send(.get, "/api/v1/keys/orders/versions?limit=2", as: .viewer)
            let listed = try page.data("versions", as: [[String: Any]].self)
            #expect(listed.compactMap { $0["number"] as? Int } == [3, 2])
            #expect(listed.compactMap { $0["isDefault"] as? Bool } == [true, false])
            let next: String = try page.data("next")
            let last = try await client.send(.get, "/api/v1/keys/orders/versions?limit=2&cursor=\(next)", as: .viewer)
            #expect(try last.data("versions", as: [[String: Any]].self).compactMap { $0["number"] as? Int } == [1])
            #expect(last.text.contains(#""next":null"#))

            let version = try await client.send(.get, "/api/v1/keys/orders/versions/1", as: .viewer)
            #expect(try version.data("state") == "deactivated")
            #expect(try version.data("algorithm") == "AES256-GCM96")
            #expect(try version.data("origin") == "generated")
            #expect(try version.data("createdAt") == "2026-01-01T00:00:00.000Z")
        }
    }

    @Test func `a version that never was is not found, and what is no number is refused`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let missing = try await client.send(.get, "/api/v1/keys/orders/versions/2", as: .viewer)
            #expect(missing.status == 404)
            #expect(try missing.code == "VERSION_NOT_FOUND")
            for number in ["0", "-1", "01", "x", "4294967296", "1.0", "%31%00"] {
                let answer = try await client.send(.get, "/api/v1/keys/orders/versions/\(number)", as: .viewer)
                #expect(answer.status == 400)
            }
            let cursor = try await client.send(.get, "/api/v1/keys/orders/versions?cursor=YQ", as: .viewer)
            #expect(cursor.status == 400)
        }
    }

    @Test func `a key that is not there is not found`() async throws {
        try await Fixture().run { client in
            for path in ["nothing", "00000000-0000-4000-8000-000000000000"] {
                let answer = try await client.send(.get, "/api/v1/keys/\(path)", as: .viewer)
                #expect(answer.status == 404)
                #expect(try answer.code == "KEY_NOT_FOUND")
            }
        }
    }
}
