import Testing

@testable import KeyManagement

/// The action of another client between two calls of an operation.
enum Rival: String, CaseIterable, Sendable {
    case movesAlias
    case deletesAlias
    case makesAliasAnew
    case swapsNames
    case disables
    case revokesRole
    case hides
    case rotates
    case changesOwner
    case recreates

    /// Returns the kind of reference by which the operation must name its key for the rival's action to matter.
    func reference(_ scene: Scene) throws -> KeyReference {
        switch self {
        case .swapsNames, .recreates: .name(try Scene.targetName)
        default: .name(try Scene.alias)
        }
    }

    /// Performs the action, as far as the keys permit it.
    func act(in run: Run) async {
        do {
            try await change(run.scene, run.other)
        } catch {
            // It is too late for the action, or the key does not support it.
        }
    }

    private func change(_ scene: Scene, _ kms: KeyService) async throws {
        let rival = try Scene.caller("rival")
        let admin = try Scene.caller("admin")
        let (target, decoy) = (KeyReference.id(scene.target.id), KeyReference.id(scene.decoy.id))
        switch self {
        case .movesAlias: _ = try await kms.setAlias(try Scene.alias, to: decoy, by: rival)
        case .deletesAlias: try await kms.deleteAlias(try Scene.alias, by: rival)
        case .makesAliasAnew:
            try await kms.deleteAlias(try Scene.alias, by: rival)
            _ = try await kms.setAlias(try Scene.alias, to: decoy, by: rival)
        case .swapsNames:
            _ = try await kms.update(target, name: try KeyName("elsewhere"), by: rival)
            _ = try await kms.update(decoy, name: try Scene.targetName, by: rival)
        case .disables: _ = try await kms.disableKey(target, by: rival)
        case .revokesRole:
            try await kms.revokeRole(
                in: try Service.shop, from: .subject(try SubjectID("manager")), by: admin.principal)
        case .hides:
            let list = try AccessList(subjects: [try SubjectID("user")], groups: [])
            _ = try await kms.changeAccess(to: target, .on(list), by: rival)
        case .rotates:
            if scene.target.origin == .imported {
                _ = try await kms.importMaterial(Scene.material(77), under: scene.job, into: target, by: rival)
            } else {
                _ = try await kms.rotateKey(target, by: rival)
            }
        case .changesOwner:
            _ = try await kms.changeOwner(of: target, to: try SubjectID("user"), by: admin)
        case .recreates:
            _ = try await kms.scheduleDeletion(of: target, in: 0, by: rival)
            _ = await kms.runDueTasks()
            // A key of the other kind, because material meant for the first must not enter it.
            let request = CreateKeyRequest(
                name: try Scene.targetName, algorithm: scene.decoy.algorithm, usage: scene.decoy.usage,
                origin: scene.decoy.origin)
            _ = try await kms.createKey(request, by: rival)
        }
    }
}
