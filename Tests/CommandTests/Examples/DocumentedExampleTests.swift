import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// The examples of the API's document, sent to the real service on SoftHSM.
@Suite struct DocumentedExampleTests {
    @Test func `every documented example succeeds, and its answer is as documented`() async throws {
        let service = try await Service.start(
            on: Machine(),
            with: ["KMS_KEYS_LEAST_DESTRUCTION_DAYS": "0", "KMS_AUDIT_CHECKPOINT_ENTRIES": "10"])
        let walk = try await ExampleWalk(service)
        try await walk.addCaller("viewer", #"{"name":"vera@example.com"}"#, role: "viewer")
        try await walk.addCaller("bob", #"{"name":"bob@example.com","administrator":true}"#, role: nil)
        try await walk.addCaller(
            "serviceAgent", #"{"name":"mailer","kind":"serviceAgent","service":"mail"}"#, role: "user")
        try await directory(walk)
        try await keys(walk)
        try await cryptography(walk)
        try await versions(walk)
        try await imports(walk, on: service.machine)
        try await access(walk)
        try await custody(walk)
        try await approvals(walk)
        try await removals(walk)
        await service.stop()

        // With this variable, the answers are written to a file, for scripts/api-reference.
        if let path = ProcessInfo.processInfo.environment["KMS_RECORD_EXAMPLES"] {
            let record = JSON.object([
                "answers": .object(walk.answers.mapValues { .text($0) }),
                "documented": .object(walk.documentedTexts.mapValues { .text($0) }),
            ])
            try JSONEncoder().encode(record).write(to: URL(filePath: path))
        }
        #expect(walk.faults.isEmpty, "\(walk.faults.joined(separator: "\n"))")
        let unsent = Set(walk.examples.keys).subtracting(walk.answers.keys)
        #expect(unsent.isEmpty, "\(unsent.sorted()) are not in this test")
    }

    @Test func `the pages of the API reference are current`() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        try await withService { service in
            let document = service.machine.path("openapi.json")
            let fetched = try await service.machine.run(
                "curl", "--silent", "--fail", "--output", document, service.url + "/openapi.json")
            #expect(fetched.status == 0, "\(fetched.errors)")
            let script = root.appending(path: "scripts/api-reference").path
            let checked = try await service.machine.run("python3", script, "--check", "--document", document)
            #expect(checked.status == 0, "\(checked.errors)")

            // A document that differs makes them stale.
            let other = try String(contentsOfFile: document, encoding: .utf8)
                .replacing("The root keys in the token.", with: "Roots.")
            try service.machine.write(other, to: "other.json")
            let stale = try await service.machine.run(
                "python3", script, "--check", "--document", service.machine.path("other.json"))
            #expect(stale.status == 1 && stale.errors.contains("APIRoots.md"), "\(stale.errors)")
        }
    }

    @Test func `a comparison finds members that are missing, undocumented or different`() throws {
        func faults(_ documented: String, _ actual: String) throws -> [String] {
            ExampleComparison(try JSON.read(documented), try JSON.read(actual), isExcerpt: false).faults
        }
        #expect(try faults(#"{"a": 1, "b": [null]}"#, #"{"a": 2, "b": [null]}"#) == [])
        #expect(try faults(#"{"t": "2026-01-31T12:00:00.000Z"}"#, #"{"t": "2027-01-31T12:00:00.000Z"}"#) == [])
        #expect(try faults(#"{"a": 1}"#, "{}").count == 1)
        #expect(try faults("{}", #"{"a": 1}"#).count == 1)
        #expect(try faults(#"{"a": 1}"#, #"{"a": "1"}"#).count == 1)
        #expect(try faults(#"{"a": null}"#, #"{"a": 1}"#).count == 1)
        #expect(try faults(#"{"a": [1]}"#, #"{"a": []}"#).count == 1)
        #expect(try faults(#"{"state": "active"}"#, #"{"state": "disabled"}"#).count == 1)
        #expect(try faults(#"{"enabled": true}"#, #"{"enabled": false}"#).count == 1)
    }

    private func directory(_ walk: ExampleWalk) async throws {
        for id in ["alive", "alsoAlive", "ready", "document", "whoAmI"] { try await walk.take(id) }
        for id in ["createProject", "describeProject", "updateProject", "listProjects"] { try await walk.take(id) }
        for id in ["createSubject", "describeSubject", "updateSubject", "listSubjects"] { try await walk.take(id) }
        for id in ["createGroup", "describeGroup", "updateGroup", "listGroups"] { try await walk.take(id) }
        for id in ["addMember", "listMembers", "grantRoleToSubject", "grantRoleToGroup", "listRoles"] {
            try await walk.take(id)
        }
        for id in ["issueCredential", "listCredentials"] { try await walk.take(id) }
        for id in ["createAccessKey", "listAccessKeys", "disableAccessKey", "enableAccessKey"] {
            try await walk.take(id)
        }
    }

    private func keys(_ walk: ExampleWalk) async throws {
        try await walk.take("createKey")
        for body in [
            #"{"name":"invoices","algorithm":"EC-P256"}"#, #"{"name":"sessions","algorithm":"HMAC-SHA256"}"#,
            #"{"name":"tunnel","algorithm":"EC-P256","usage":"keyAgreement"}"#, #"{"name":"payroll-2024"}"#,
            #"{"name":"partner","origin":"imported"}"#, #"{"name":"bonus","preActivation":true}"#,
        ] {
            try await walk.setUp("POST", "keys", body, status: 201)
        }
        for id in ["describeKey", "updateKey", "listKeys", "activateKey"] { try await walk.take(id) }
        for id in ["createGrant", "listGrants", "setAlias", "describeAlias", "listAliases"] { try await walk.take(id) }
    }

    private func cryptography(_ walk: ExampleWalk) async throws {
        for id in ["encrypt", "decryptUnderKey", "decrypt", "readKeyUsage"] { try await walk.take(id) }
        for id in ["reEncrypt", "issueDataKey", "issueDataKeyPair", "random"] { try await walk.take(id) }
        for id in ["sign", "verify", "publicKey", "publicKeyOfVersion"] { try await walk.take(id) }
        for id in ["generateMAC", "verifyMAC", "deriveSharedSecret"] { try await walk.take(id) }
        for id in ["issueDataKeys", "encryptBatch", "decryptBatchUnderKey", "decryptBatch", "reEncryptBatch"] {
            try await walk.take(id)
        }
        for id in ["signBatch", "verifyBatch", "generateMACs", "verifyMACs"] { try await walk.take(id) }
    }

    private func versions(_ walk: ExampleWalk) async throws {
        for id in ["rotateKey", "listVersions", "describeVersion", "versionUsage"] { try await walk.take(id) }
        for id in ["activateVersion", "deactivateVersion", "scheduleDestruction", "cancelDestruction"] {
            try await walk.take(id)
        }
        try await walk.setUp("POST", "keys/payroll/versions/2/activate")
        for id in ["disableKey", "enableKey", "scheduleDeletion", "cancelDeletion"] { try await walk.take(id) }
        try await walk.setUp("POST", "keys/payroll/enable")
        try await walk.setUp("POST", "keys/payroll-2024/versions/1/deactivate")
        try await walk.setUp("POST", "keys/payroll-2024/versions/1/schedule-destruction", #"{"days":0}"#)
        for id in ["destroyVersion", "deleteKey"] { try await walk.take(id) }
    }

    private func imports(_ walk: ExampleWalk, on machine: Machine) async throws {
        try await walk.take("createImportJob")
        let job = try JSON.read(try #require(walk.answers["createImportJob"]))
        let publicKey = try #require(job["data"]?["publicKey"]?.text.flatMap { Data(base64Encoded: $0) })
        try publicKey.write(to: URL(filePath: machine.path("job.der")))
        try machine.write("thirty-two bytes of key material", to: "material")
        // What the owner of a key does.
        let wrapped = try await machine.run(
            "openssl", "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", machine.path("job.der"),
            "-pkeyopt",
            "rsa_padding_mode:oaep", "-in", machine.path("material"))
        #expect(wrapped.status == 0, "\(wrapped.errors)")
        try await walk.take(
            "importMaterial", replacing: ["material": .text(wrapped.output.base64EncodedString())])
        for id in ["deleteImportedMaterial", "describeImportJob", "deleteImportJob"] { try await walk.take(id) }
    }

    private func access(_ walk: ExampleWalk) async throws {
        for id in ["showAccess", "explainAccess", "obtainServiceKey", "changeAccess", "changeOwner"] {
            try await walk.take(id)
        }
    }

    private func custody(_ walk: ExampleWalk) async throws {
        // A checkpoint is written in the background; others follow every 10 entries.
        for _ in 0..<100 {
            let published = try await walk.setUp("GET", "audit/checkpoint", as: "admin")
            if published["data"]?["checkpoint"] != .null { break }
        }
        for id in ["showCheckpoint", "reportCustody", "verifyStore"] { try await walk.take(id) }
        for id in ["rotateRoots", "listRoots", "retireRoots", "showDestructionCertificate"] { try await walk.take(id) }
    }

    private func approvals(_ walk: ExampleWalk) async throws {
        for id in ["setApprovalPolicy", "listApprovalPolicies"] { try await walk.take(id) }
        try await walk.setUp("POST", "roots/rotate", as: "admin", status: 403)
        for id in ["listApprovals", "describeApproval", "reject"] { try await walk.take(id, as: "bob") }
        // The rejected request is of no more use; this one takes its place in the documented example.
        let second = try await walk.setUp("POST", "roots/rotate", as: "admin", status: 403)
        let id = try #require(second["message"]?.text?.firstMatch(of: /[0-9a-f]{16}/)).0
        walk.learn("9f3c51d2a7e80b64", is: String(id))
        try await walk.take("approve", as: "bob")
    }

    private func removals(_ walk: ExampleWalk) async throws {
        for id in ["revokeGrant", "deleteAlias", "revokeRoleFromGroup", "revokeRoleFromSubject"] {
            try await walk.take(id)
        }
        for id in ["removeMember", "deleteGroup", "revokeCredential", "deleteAccessKey"] { try await walk.take(id) }
        for id in ["deleteSubject", "deleteProject"] { try await walk.take(id) }
    }
}
