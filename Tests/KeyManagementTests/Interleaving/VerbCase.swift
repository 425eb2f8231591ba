import KMSTesting
import Testing

@testable import KeyManagement

/// An operation that takes a reference to a key, the keys on which it is tried, and the call.
struct VerbCase: Sendable, CustomTestStringConvertible {
    /// The declaration of the function: base name and labels.
    let signature: String
    var note = ""
    var target = Scene.KeyPlan()
    /// The plan of the decoy; nil for one like the target.
    var decoy: Scene.KeyPlan?
    /// The operation that must be approved before the call.
    var needsApproval: GuardedOperation?
    /// True if the custody report is read afterwards.
    var reportsCustody = false
    let run: @Sendable (Run) async throws -> Answer

    var testDescription: String { note.isEmpty ? signature : "\(signature), \(note)" }

    init(
        _ signature: String, _ note: String = "", on target: Scene.KeyPlan = .cipher, decoy: Scene.KeyPlan? = nil,
        needsApproval: GuardedOperation? = nil, reportsCustody: Bool = false,
        run: @escaping @Sendable (Run) async throws -> Answer
    ) {
        self.signature = signature
        self.note = note
        self.target = target
        self.decoy = decoy
        self.needsApproval = needsApproval
        self.reportsCustody = reportsCustody
        self.run = run
    }

    /// Returns the scene, with the approval that the operation needs.
    func scene() async throws -> Scene {
        var scene = try await Scene(target: target, decoy: decoy ?? target)
        guard let operation = needsApproval else { return scene }
        let approver = try Scene.caller("approver").principal
        let setup = Run(scene, naming: .id(scene.target.id), by: try Scene.caller("manager"))
        _ = try await setup.other.setApprovalPolicy(
            for: operation, required: 1, approvers: [approver.subject], hours: 24,
            by: try Scene.caller("admin").principal)
        do {
            _ = try await run(setup)
            Issue.record("\(signature) needs no approval")
        } catch KMSError.approvalRequired(let id, _) {
            _ = try await setup.other.approve(id, by: approver)
            scene = Scene(scene, on: setup.memory, approval: id)
        }
        return scene
    }

    static let all = changes + material + uses + views
}

extension Scene {
    /// Creates the same scene on another store.
    init(_ scene: Scene, on memory: MemoryKeyStore, approval: ApprovalID? = nil) {
        self.memory = memory
        self.approval = approval
        token = scene.token
        clock = scene.clock
        target = scene.target
        decoy = scene.decoy
        job = scene.job
        ciphertext = scene.ciphertext
        grant = scene.grant
    }
}

extension Scene.KeyPlan {
    static let cipher = Scene.KeyPlan()
    static let signing = Scene.KeyPlan(algorithm: .ecP256, usage: .signVerify)
    static let mac = Scene.KeyPlan(algorithm: .hmacSHA256)
    static let agreement = Scene.KeyPlan(algorithm: .ecP256, usage: .keyAgreement)
    static let imported = Scene.KeyPlan(origin: .imported)
    static let empty = Scene.KeyPlan(versions: 0)
    static let disabled = Scene.KeyPlan { kms, key, caller in _ = try await kms.disableKey(key, by: caller) }
    static let leaving = Scene.KeyPlan { kms, key, caller in _ = try await kms.scheduleDeletion(of: key, by: caller) }
    /// A plan whose first version is due for destruction.
    static let worn = Scene.KeyPlan { kms, key, caller in
        _ = try await kms.scheduleDestruction(of: .first, of: key, in: 0, by: caller)
    }
    /// A plan whose first version has lost its material.
    static let withdrawn = Scene.KeyPlan(origin: .imported, versions: 1) { kms, key, caller in
        _ = try await kms.deleteImportedMaterial(of: key, by: caller)
    }
}
