import KMSTesting
import Testing

@testable import KeyManagement

/// The attacks that showed that operations resolved a reference twice. The table of ``InterleavingTests`` also has them. Here
/// each is carried out as it was found: a Manager moves an alias from one of their keys to another during the operation.
@Suite
struct RivalRegressionTests {
    /// Runs an operation through the alias once for each call that it makes to the store. Before that call, the alias moves to
    /// the decoy.
    ///
    /// - Parameter judge: receives the key of the operation if it was done, and the contents of the store.
    /// - Returns: the number of times that the operation was done to the target.
    private func attempt(
        _ scene: Scene, _ body: (Run) async throws -> KeyID, _ judge: (KeyID?, Run.Contents) throws -> Void
    ) async throws -> Int {
        var (place, count) = (0, 0)
        while true {
            place += 1
            let run = Run(
                scene, naming: .name(try Scene.alias), by: try Scene.caller("manager", approval: scene.approval))
            run.interleaving.interrupt(at: place) { await Rival.movesAlias.act(in: run) }
            var done: KeyID?
            do { done = try await body(run) } catch is KMSError {}
            if done == scene.target.id { count += 1 }
            try judge(done, try await run.contents())
            if run.interleaving.callCount < place { return count }
        }
    }

    @Test func `material that is brought for an imported key never gets into a generated one`() async throws {
        let scene = try await Scene(target: .imported, decoy: .cipher)
        let count = try await attempt(scene) { run in
            try await run.kms.importMaterial(
                Scene.material(42), under: scene.job, into: run.reference, by: run.caller
            ).changed.key.id
        } _: { _, contents in
            #expect(contents.keys[scene.decoy.id] == scene.decoy)
            let versions = contents.versions.values.filter { $0.id.key == scene.decoy.id }
            #expect(versions.count == 2 && versions.allSatisfy { $0.origin == .generated && $0.checkValue == nil })
            #expect(
                versions.compactMap(\.life.wrapped).allSatisfy { scene.token.birth(of: $0)?.origin == .generated })
        }
        #expect(count > 0)
    }

    @Test func `a rotated key never gets a version of another algorithm`() async throws {
        let scene = try await Scene(target: .signing, decoy: .cipher)
        let count = try await attempt(scene) { run in
            try await run.kms.rotateKey(run.reference, by: run.caller).changed.key.id
        } _: { _, contents in
            for version in contents.versions.values {
                let birth = version.life.wrapped.flatMap { scene.token.birth(of: $0) }
                #expect(birth?.algorithm == version.algorithm && birth?.usage == version.usage)
            }
        }
        #expect(count > 0)
    }

    @Test func `an approval to destroy a version of one key destroys none of another`() async throws {
        let verb = try #require(
            VerbCase.all.first { $0.signature.hasPrefix("scheduleDestruction") && $0.needsApproval != nil })
        let scene = try await verb.scene()
        let count = try await attempt(scene) { run in
            try #require(try await verb.run(run).keys.first)
        } _: {
            done, contents in
            #expect(done == nil || done == scene.target.id)
            #expect(contents.keys[scene.decoy.id] == scene.decoy)
            #expect(
                contents.versions.values.allSatisfy { $0.id.key == scene.target.id || $0.state != .pendingDestruction })
        }
        #expect(count > 0)
    }

    @Test func `an approval to delete one key deletes no other`() async throws {
        let verb = try #require(
            VerbCase.all.first { $0.signature.hasPrefix("scheduleDeletion") && $0.needsApproval != nil })
        let scene = try await verb.scene()
        let count = try await attempt(scene) { run in
            try #require(try await verb.run(run).keys.first)
        } _: {
            done, contents in
            #expect(done == nil || done == scene.target.id)
            #expect(contents.keys[scene.decoy.id] == scene.decoy)
        }
        #expect(count > 0)
    }

    @Test func `an approval to give one key to another owner gives nobody another key`() async throws {
        let verb = try #require(
            VerbCase.all.first { $0.signature.hasPrefix("changeOwner") && $0.needsApproval != nil })
        let scene = try await verb.scene()
        let count = try await attempt(scene) { run in
            try #require(try await verb.run(run).keys.first)
        } _: {
            done, contents in
            #expect(done == nil || done == scene.target.id)
            #expect(contents.keys[scene.decoy.id]?.owner == scene.decoy.owner)
        }
        #expect(count > 0)
    }

    @Test func `the same material brought twice at once becomes one version`() async throws {
        let scene = try await Scene(target: .imported, decoy: .cipher)
        var place = 0
        while true {
            place += 1
            let run = Run(scene, naming: .id(scene.target.id), by: try Scene.caller("manager"))
            run.interleaving.interrupt(at: place) {
                _ = try? await run.other.importMaterial(
                    Scene.material(42), under: scene.job, into: run.reference, by: run.caller)
            }
            _ = try? await run.kms.importMaterial(
                Scene.material(42), under: scene.job, into: run.reference, by: run.caller)
            let value = CheckValue(bytes: Scene.material(42))
            #expect(try await run.contents().versions.values.count { $0.checkValue == value } == 1, "\(place)")
            if run.interleaving.callCount < place { return }
        }
    }
}
