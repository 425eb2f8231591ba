import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

/// A dry run answers as the change itself, and changes nothing.
@Suite struct DryRunTests {
    /// The fields that only the answer to a dry run has.
    private static let marks = ["dryRun", "impact"]

    @Test func `every operation with a dry run is in these tests`() async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            let declared = document.operations.filter { operation in
                let body = operation.json["requestBody"]?["content"]?["application/json"]?["schema"]
                return body.flatMap(document.resolved)?["properties"]?["dryRun"] != nil
            }
            #expect(declared.count >= 16)
            #expect(Set(declared.map(\.id)) == Set(ChangeCase.all.map(\.id)))
        }
    }

    @Test(arguments: Set(ChangeCase.all.map(\.id)).sorted())
    func `in every state, a dry run has the answer or the refusal of the change itself`(id: String) async throws {
        var codes: Set<String> = []
        for change in ChangeCase.all where change.id == id {
            for condition in KeyCondition.allCases {
                codes.insert(try await compare(change, in: condition, as: change.subject))
            }
            codes.insert(try await compare(change, in: .active, as: .viewer))
            codes.insert(try await compare(change, in: .rotated, as: .user))
        }
        #expect(codes.contains("SUCCESS") && codes.contains("ACCESS_DENIED") && codes.count > 2, "\(codes)")
    }

    /// Sends the dry run of a change, and then the change, and compares the answers.
    ///
    /// - Returns: the code of both answers.
    private func compare(
        _ change: ChangeCase, in condition: KeyCondition, as subject: Client.Subject
    ) async throws -> String {
        let fixture = try await Fixture(imports: true)
        let place: Comment = "\(change.id) {\(change.fields)} of a key that is \(condition), as \(subject)"
        nonisolated(unsafe) var code = ""
        try await fixture.run { client in
            try await condition.prepare(client)
            let job = try await client.importJob()
            await fixture.service.storeCounts()
            let versions = try await states(client)
            let (mark, entryCount) = (try await fixture.store.changeMark(), fixture.audit.entries.count)
            let planned = try await client.send(change, isDryRun: true, job: job, as: subject)
            #expect(try await fixture.store.changeMark() == mark, place)
            let entries = fixture.audit.entries.dropFirst(entryCount)
            let entry = try #require(entries.first, place)
            #expect(entries.count == 1 && entry.details["dryRun"] == "true", place)
            #expect(entry.changes.isEmpty && entry.state.isEmpty && entry.outcome != .intended, place)

            let done = try await client.send(change, isDryRun: false, job: job, as: subject)
            #expect(fixture.audit.entries.last?.details["dryRun"] == nil, place)
            code = try done.code
            #expect(try planned.code == code, place)
            guard code == "SUCCESS" else {
                #expect(try planned.status == done.status && planned.message == done.message, place)
                return
            }
            #expect(planned.status == 200 && done.status == (change.id == "createKey" ? 201 : 200), place)
            var (plan, data) = (try JSON.read(planned.text)["data"]?.fields, try JSON.read(done.text)["data"]?.fields)
            let impact = try #require(plan?["impact"], place)
            #expect(plan?["dryRun"] == .flag(true) && impact["approvalRequired"] == .flag(false), place)
            for mark in Self.marks { plan?[mark] = nil }
            if change.id == "createKey" {
                // The only field that cannot be known.
                #expect(plan?["id"] == .text("00000000-0000-0000-0000-000000000000"), place)
                plan?["id"] = data?["id"]
            }
            #expect(plan == data, place)
            try await check(impact, against: versions, try await states(client), change, place)
            data = nil
        }
        return code
    }

    /// Checks that an impact names the existing versions whose state changed, and no others.
    private func check(
        _ impact: JSON, against before: [Int: String], _ after: [Int: String], _ change: ChangeCase, _ place: Comment
    ) async throws {
        var foretold: [Int: String] = [:]
        for version in impact["versions"]?.items ?? [] {
            let number = Int(try #require(version["number"]?.number))
            #expect(version["before"]?.text == before[number], place)
            if version["before"] != version["after"] { foretold[number] = version["after"]?.text }
        }
        guard !["deleteKey", "createKey"].contains(change.id), change.fields != #""name": "new""# else {
            return #expect(foretold.isEmpty, place)
        }
        #expect(foretold == after.filter { before[$0.key] != nil && before[$0.key] != $0.value }, place)
    }

    /// Returns the states of the versions of the key, by their numbers.
    private func states(_ client: Client) async throws -> [Int: String] {
        let answer = try await client.send(.get, "/api/v1/keys/k/versions")
        var states: [Int: String] = [:]
        for version in try JSON.read(answer.text)["data"]?["versions"]?.items ?? [] {
            states[Int(version["number"]?.number ?? 0)] = version["state"]?.text
        }
        return states
    }

    @Test func `a dry run says what stops, and what has stopped already does not stop again`() async throws {
        try await Fixture().run { client in
            func stops(_ path: String) async throws -> [[String]] {
                let answer = try await client.send(.post, "/api/v1/keys/k/" + path, #"{"dryRun": true}"#)
                let versions = try JSON.read(answer.text)["data"]?["impact"]?["versions"]?.items ?? []
                return versions.map { $0["stops"]?.texts ?? [] }
            }
            try await client.createKey("k")
            #expect(try await stops("rotate") == [["encrypt"]])
            #expect(try await stops("versions/1/deactivate") == [["encrypt"]])
            #expect(try await stops("disable") == [["encrypt", "decrypt"]])
            #expect(try await stops("schedule-deletion") == [["encrypt", "decrypt"]])
            #expect(try await client.send(.post, "/api/v1/keys/k/disable").status == 200)
            #expect(try await stops("versions/1/deactivate") == [[]])
            #expect(try await stops("schedule-deletion").isEmpty)
        }
    }

    /// The guarded operations with a dry run, with the policy that guards each and a state in which it is possible.
    private static let guarded: [(change: ChangeCase, policy: String, condition: KeyCondition)] = [
        (ChangeCase("scheduleDeletion", .post, "keys/k/schedule-deletion"), "destruction", .active),
        (
            ChangeCase("scheduleDestruction", .post, "keys/k/versions/1/schedule-destruction"), "destruction",
            .deactivated
        ),
        (ChangeCase("deleteImportedMaterial", .post, "keys/k/delete-material"), "destruction", .imported),
        (
            ChangeCase(
                "importMaterial", .post, "keys/k/import",
                ChangeCase.imported("AAAAAAAAAAAAAAAAAAAAAg==", #", "expiresAt": "2030-01-31""#)), "destruction",
            .imported
        ),
        (
            // `maria` loses control; `vera` gets it.
            ChangeCase("changeAccess", .put, "keys/k/access", #""accessControl": true, "subjects": ["maria", "vera"]"#),
            "owner-change", .active
        ),
        (ChangeCase("changeOwner", .put, "keys/k/owner", #""owner": "ulf""#, as: .admin), "owner-change", .active),
    ]

    @Test func `every guarded operation with a dry run is in these tests`() async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            let ids = document.operations.filter { operation in
                operation.json["parameters"]?.items.contains { $0["$ref"]?.text?.hasSuffix("/X-Approval") == true }
                    ?? false
            }.map(\.id)
            #expect(
                Set(ids).intersection(ChangeCase.all.map(\.id)) == Set(Self.guarded.map(\.change.id)))
        }
    }

    @Test(arguments: 0..<6)
    func `a dry run needs no approval, says that one is missing, and spends none`(place: Int) async throws {
        let (change, policy, condition) = Self.guarded[place]
        let fixture = try await Fixture(imports: true)
        try await fixture.run { client in
            try await condition.prepare(client)
            let job = try await client.importJob()
            if change.id == "changeAccess" {
                // Restricted access, so that another subject gains something.
                let only = #"{"accessControl": true, "subjects": ["maria"]}"#
                #expect(try await client.send(.put, "/api/v1/keys/k/access", only).status == 200)
            }
            for name in ["ann", "bob"] {
                let body = #"{"name": "\#(name)", "administrator": true}"#
                #expect(try await client.send(.post, "/api/v1/subjects", as: .admin, body).status == 201)
            }
            let issued = try await client.send(.post, "/api/v1/subjects/ann/credentials", as: .admin, "{}")
            let ann = Client.Subject.bearer(try issued.data("token"))
            let set = try await client.send(
                .put, "/api/v1/approval-policies/\(policy)", as: .admin,
                #"{"required": 1, "approvers": ["ann", "bob"], "hours": 2}"#)
            #expect(set.status == 200, "\(set.text)")

            await fixture.service.storeCounts()
            let mark = try await fixture.store.changeMark()
            let planned = try await client.send(change, isDryRun: true, job: job)
            #expect(try planned.data("impact", as: [String: Any].self)["approvalRequired"] as? Bool == true)
            #expect(try await fixture.store.changeMark() == mark, "no approval was requested")
            let refused = try await client.send(change, isDryRun: false, job: job)
            #expect(try refused.code == "APPROVAL_REQUIRED")
            let list = try await client.send(.get, "/api/v1/approvals", as: ann)
            let id = String(try #require(list.text.firstMatch(of: /"id":"([0-9a-f]{16})"/)).1)
            for wrong in [id, "0123456789abcdef"] {
                let planned = try await client.send(change, isDryRun: true, job: job, approval: wrong)
                let refused = try await client.send(change, isDryRun: false, job: job, approval: wrong)
                #expect(try planned.status >= 400 && planned.code == refused.code)
                #expect(try planned.message == refused.message)
            }
            #expect(try await client.send(.post, "/api/v1/approvals/\(id)/approve", as: ann, "{}").status == 200)
            for _ in 0..<2 {
                let approved = try await client.send(change, isDryRun: true, job: job, approval: id)
                #expect(try approved.data("impact", as: [String: Any].self)["approvalRequired"] as? Bool == false)
            }
            #expect(try await client.send(change, isDryRun: false, job: job, approval: id).status == 200)
        }
    }
}
