import Foundation
import GRDB
import KMSTesting
import Testing

@testable import KeyManagement

/// A record that an attacker with an SQL shell may want to remove, restore or exchange.
struct StateCase: Sendable, CustomTestStringConvertible {
    /// The decision that the record makes.
    let name: String
    let table: String
    /// The rows in question.
    let rows: String
    /// Makes the records, before the copy is taken.
    let prepare: @Sendable (Service) async throws -> Void
    /// Changes them, after the copy was taken.
    let change: @Sendable (Service) async throws -> Void
    /// Uses the record.
    let use: @Sendable (KeyService, Service) async throws -> Void

    var testDescription: String { name }

    static let all: [StateCase] = [
        StateCase(name: "a role", table: "directory", rows: "kind = 'subject' AND name = 'user'") { _ in
        } change: { service in
            try await service.kms.revokeRole(
                in: Service.shop, from: .subject(SubjectID("user")), by: service.administrator)
        } use: { kms, service in
            _ = try await kms.authenticate(AuthenticationRequest(bearer: #require(service.bearers[.user]).text))
        },
        StateCase(name: "a disabled subject", table: "directory", rows: "kind = 'subject' AND name = 'viewer'") { _ in
        } change: { service in
            try await service.kms.updateSubject(
                SubjectID("viewer"), SubjectUpdate(isEnabled: false), by: service.administrator)
        } use: { kms, service in
            _ = try await kms.subject(SubjectID("viewer"), by: service.administrator)
        },
        StateCase(name: "a credential", table: "directory", rows: "kind = 'credential' AND parent = 'user'") { _ in
        } change: { service in
            let found = try await service.kms.listCredentials(of: SubjectID("user"), by: service.administrator)
            _ = try await service.kms.revokeCredential(
                try #require(found.items.first).record.id, by: service.administrator)
        } use: { kms, service in
            _ = try await kms.authenticate(AuthenticationRequest(bearer: #require(service.bearers[.user]).text))
        },
        StateCase(name: "an approval policy", table: "directory", rows: "kind = 'approvalPolicy'") { service in
            _ = try await service.kms.createSubject(SubjectID("anna"), isAdministrator: true, by: service.administrator)
        } change: { service in
            _ = try await service.kms.setApprovalPolicy(
                for: .rotateRoots, required: 1, approvers: [SubjectID("anna")], hours: 1, by: service.administrator)
        } use: { kms, service in
            _ = try await kms.approvalPolicies(by: service.administrator)
        },
        StateCase(name: "a group", table: "directory", rows: "kind = 'group'") { service in
            _ = try await service.kms.createGroup(GroupID("team"), by: service.administrator)
        } change: { service in
            try await service.kms.grantRole(
                .manager, in: Service.shop, to: .group(GroupID("team")), by: service.administrator)
        } use: { kms, service in
            _ = try await kms.group(GroupID("team"), by: service.administrator)
        },
        StateCase(name: "a project", table: "directory", rows: "kind = 'project' AND name = 'bank'") { service in
            try await service.kms.createProject(Service.bank, by: service.administrator)
        } change: { service in
            _ = try await service.kms.deleteProject(Service.bank, by: service.administrator)
        } use: { kms, service in
            try await kms.createProject(Service.bank, by: service.administrator)
        },
        StateCase(name: "a disabled key", table: "key", rows: "name = 'target'") { service in
            try await service.key("target")
        } change: { service in
            _ = try await service.kms.disableKey(.name(KeyName("target")), by: service.manager)
        } use: { kms, service in
            _ = try await kms.issueDataKey(under: .name(KeyName("target")), by: service.manager)
        },
        StateCase(name: "a renamed key", table: "key", rows: "name IN ('target', 'moved')") { service in
            try await service.key("target")
        } change: { service in
            _ = try await service.kms.update(
                .name(KeyName("target")), name: KeyName("moved"), by: service.manager)
        } use: { kms, service in
            _ = try await kms.describeKey(.name(KeyName("moved")), by: service.manager)
        },
        StateCase(name: "a deactivated version", table: "version", rows: "number = 1") { service in
            try await service.key("target")
        } change: { service in
            _ = try await service.kms.rotate(.name(KeyName("target")), by: service.manager)
        } use: { kms, service in
            _ = try await kms.describeVersion(.first, of: .name(KeyName("target")), by: service.manager)
        },
        StateCase(name: "an alias", table: "alias", rows: "name = 'second'") { service in
            let key = try await service.key("target")
            _ = try await service.kms.setAlias(KeyName("second"), to: .id(key.id), by: service.manager)
        } change: { service in
            let other = try await service.key("other")
            _ = try await service.kms.setAlias(KeyName("second"), to: .id(other.id), by: service.manager)
        } use: { kms, service in
            _ = try await kms.describeKey(.name(KeyName("second")), by: service.manager)
        },
        StateCase(name: "reserved uses", table: "version_usage", rows: "number = 1") { service in
            let key = try await service.key("target")
            _ = try await service.encrypt("first", under: key)
        } change: { service in
            // Another process reserves a block of its own.
            _ = try await service.restarted().issueDataKey(under: .name(KeyName("target")), by: service.manager)
            _ = try await service.kms.checkState(against: service.kms.stateVector)
        } use: { kms, service in
            // A process with none left reserves again.
            let exhausted = service.restarted(begunFrom: kms)
            _ = try await exhausted.issueDataKey(under: .name(KeyName("target")), by: service.manager)
        },
        StateCase(name: "a tombstone", table: "tombstone", rows: "1") { service in
            _ = try await service.kms.make(
                CreateKeyRequest(name: KeyName("target"), staysInPreActivation: true), by: service.manager)
        } change: { service in
            _ = try await service.kms.deleteKey(.name(KeyName("target")), by: service.manager)
        } use: { kms, _ in
            try await kms.requireWhole()
        },
        StateCase(name: "digests of wrapped keys", table: "wrapped_blob", rows: "1") { service in
            try await service.key("target")
        } change: { service in
            _ = try await service.kms.rotate(.name(KeyName("target")), by: service.manager)
        } use: { kms, _ in
            try await kms.requireWhole()
        },
    ]
}

extension KeyService {
    /// Throws if a verification of the whole store finds anything.
    fileprivate func requireWhole() async throws {
        let report = try await verifyStore()
        if let finding = report.findings.first { throw KMSError.recordTampered(finding) }
    }
}

extension Service {
    /// Returns a process that begins from another one's knowledge of the state.
    func restarted(begunFrom kms: KeyService) -> KeyService {
        let service = restarted()
        service.state.begin(from: kms.stateVector)
        return service
    }

    static let keptTables = [
        "directory", "key", "version", "alias", "version_usage", "import_job", "answer", "tombstone", "wrapped_blob",
        "state_shard", "state_member",
    ]

    /// Copies all tables, as an attacker with read access to the database does.
    func keepTables(as copy: String = "kept") throws {
        for table in Self.keptTables { try sql("CREATE TABLE \(copy)_\(table) AS SELECT * FROM \"\(table)\"") }
    }

    /// Restores rows from their copies.
    func restore(_ table: String, where rows: String = "1", from copy: String = "kept") throws {
        try sql(
            """
            DELETE FROM "\(table)" WHERE \(rows);
            INSERT OR REPLACE INTO "\(table)" SELECT * FROM \(copy)_\(table) WHERE \(rows)
            """)
    }
}
