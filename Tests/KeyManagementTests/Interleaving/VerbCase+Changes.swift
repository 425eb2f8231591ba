import Testing

@testable import KeyManagement

extension VerbCase {
    /// The operations that change a key and add no material.
    static let changes: [VerbCase] = [
        VerbCase("disableKey(_:options:by:)") { run in
            try .outcome(try await run.kms.disableKey(run.reference, by: run.caller))
        },
        VerbCase("enableKey(_:options:by:)", on: .disabled) { run in
            try .outcome(try await run.kms.enableKey(run.reference, by: run.caller))
        },
        VerbCase("updateKey(_:_:options:by:)") { run in
            let update = KeyUpdate(
                name: try KeyName("renamed"), tags: .add(try KeyTags(["by": "test"])), rotation: .every(.standard))
            return try .outcome(try await run.kms.updateKey(run.reference, update, by: run.caller))
        },
        VerbCase("changeAccess(to:_:options:by:)") { run in
            let list = try AccessList(subjects: [run.caller.subject], groups: [])
            return try .outcome(try await run.kms.changeAccess(to: run.reference, .on(list), by: run.caller))
        },
        VerbCase("changePolicy(of:to:allowsLockout:options:by:)") { run in
            let statement = AccessStatement(effect: .allow, parties: [.everyone], actions: Set(KeyAction.allCases))
            let policy = try KeyPolicy(statements: [statement], document: "{}")
            return try .outcome(try await run.kms.changePolicy(of: run.reference, to: policy, by: run.caller))
        },
        VerbCase("changeOwner(of:to:options:by:)", run: changeOwner),
        VerbCase("changeOwner(of:to:options:by:)", "approved", needsApproval: .changeOwner, run: changeOwner),
        VerbCase("setAlias(_:to:expecting:by:)") { run in
            let alias = try await run.kms.setAlias(try KeyName("second"), to: run.reference, by: run.caller)
            return Answer([alias.key])
        },
        VerbCase("createGrant(_:on:by:)") { run in
            let request = GrantRequest(grantee: .subject(try SubjectID("viewer")), actions: [.describeKey])
            return .key(try await run.kms.createGrant(request, on: run.reference, by: run.caller).key)
        },
        VerbCase("revokeGrant(_:of:by:)") { run in
            try await run.kms.revokeGrant(try #require(run.scene.grant), of: run.reference, by: run.caller)
            return Answer([])
        },
        VerbCase("activateVersion(_:of:options:by:)") { run in
            try .outcome(try await run.kms.activateVersion(.first, of: run.reference, by: run.caller))
        },
        VerbCase("deactivateVersion(_:of:options:by:)") { run in
            let number = try #require(VersionNumber(2))
            return try .outcome(try await run.kms.deactivateVersion(number, of: run.reference, by: run.caller))
        },
        VerbCase("scheduleDestruction(of:of:in:options:by:)", run: scheduleDestruction),
        VerbCase(
            "scheduleDestruction(of:of:in:options:by:)", "approved", needsApproval: .destroy, run: scheduleDestruction),
        VerbCase("cancelDestruction(of:of:options:by:)", on: .worn) { run in
            try .outcome(try await run.kms.cancelDestruction(of: .first, of: run.reference, by: run.caller))
        },
        VerbCase("destroyVersion(_:of:options:by:)", on: .worn) { run in
            try .outcome(try await run.kms.destroyVersion(.first, of: run.reference, by: run.caller))
        },
        VerbCase("scheduleDeletion(of:in:options:by:)", run: scheduleDeletion),
        VerbCase("scheduleDeletion(of:in:options:by:)", "approved", needsApproval: .destroy, run: scheduleDeletion),
        VerbCase("cancelDeletion(of:options:by:)", on: .leaving) { run in
            try .outcome(try await run.kms.cancelDeletion(of: run.reference, by: run.caller))
        },
        VerbCase("deleteKey(_:options:by:)", on: .empty) { run in
            try .outcome(try await run.kms.deleteKey(run.reference, by: run.caller))
        },
    ]

    private static func changeOwner(_ run: Run) async throws -> Answer {
        let admin = try Scene.caller("admin", approval: run.scene.approval)
        return try .outcome(
            try await run.kms.changeOwner(of: run.reference, to: try SubjectID("viewer"), by: admin))
    }

    private static func scheduleDestruction(_ run: Run) async throws -> Answer {
        try .outcome(
            try await run.kms.scheduleDestruction(of: .first, of: run.reference, in: 7, by: run.caller))
    }

    private static func scheduleDeletion(_ run: Run) async throws -> Answer {
        try .outcome(try await run.kms.scheduleDeletion(of: run.reference, in: 7, by: run.caller))
    }

    /// The operations that add or remove material of a key.
    static let material: [VerbCase] = [
        VerbCase("rotateKey(_:options:by:)", reportsCustody: true, run: rotate),
        VerbCase("rotateKey(_:options:by:)", "beside another algorithm", on: .signing, decoy: .cipher, run: rotate),
        VerbCase(
            "rotateKey(_:options:by:)", "beside imported material", decoy: .imported, reportsCustody: true, run: rotate),
        VerbCase("activateKey(_:options:by:)", on: .empty) { run in
            try .outcome(try await run.kms.activateKey(run.reference, by: run.caller))
        },
        VerbCase(importSignature, "beside generated material", on: .imported, decoy: .cipher, reportsCustody: true) {
            run in try await bring(run)
        },
        VerbCase(importSignature, on: .imported, reportsCustody: true) { run in try await bring(run) },
        VerbCase(importSignature, "of before", on: .withdrawn) { run in try await bring(run, version: .first, fill: 1)
        },
        VerbCase("deleteImportedMaterial(of:options:by:)", on: .imported, run: deleteMaterial),
        VerbCase(
            "deleteImportedMaterial(of:options:by:)", "approved", on: .imported, needsApproval: .destroy,
            run: deleteMaterial),
    ]

    private static let importSignature =
        "importMaterial(_:under:into:version:publicKey:expiresAt:activating:options:by:)"

    private static func rotate(_ run: Run) async throws -> Answer {
        try .outcome(try await run.kms.rotateKey(run.reference, by: run.caller))
    }

    private static func deleteMaterial(_ run: Run) async throws -> Answer {
        try .outcome(try await run.kms.deleteImportedMaterial(of: run.reference, by: run.caller))
    }

    private static func bring(_ run: Run, version: VersionNumber? = nil, fill: UInt8 = 9) async throws -> Answer {
        try .outcome(
            try await run.kms.importMaterial(
                Scene.material(fill), under: run.scene.job, into: run.reference, version: version, by: run.caller))
    }
}
