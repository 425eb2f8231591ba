import KMSTesting
import Synchronization
import Testing

@testable import KeyManagement

/// An alias that is deleted and made again looks like the earlier one: the same name and the same revision.
@Suite
struct AliasRivalTests {
    /// Runs an operation on the alias of the target, with a rival before each call. The rival points the alias to a key that the
    /// caller may not see.
    ///
    /// - Returns: the number of times that the operation succeeded.
    private func attempt(_ body: (Run) async throws -> Void) async throws -> Int {
        let scene = try await Scene(target: .cipher, decoy: .cipher)
        let rival = try Scene.caller("rival")
        let setup = Run(scene, naming: .name(try Scene.alias), by: rival)
        try await setup.other.createSubject(rival.subject, by: Scene.caller("admin").principal)
        let list = try AccessList(subjects: [rival.subject], groups: [])
        _ = try await setup.other.changeAccess(to: .id(scene.decoy.id), .on(list), by: Scene.caller("manager"))
        let hidden = Scene(scene, on: setup.memory)
        var (place, count) = (0, 0)
        while true {
            place += 1
            let stranger = try Scene.caller("user")
            let run = Run(hidden, naming: .name(try Scene.alias), by: stranger)
            let renewed = Mutex(false)
            run.interleaving.interrupt(at: place) {
                await Rival.makesAliasAnew.act(in: run)
                let alias = try? await run.contents().aliases[Scene.alias]
                renewed.withLock { $0 = alias?.key == scene.decoy.id }
            }
            do {
                try await body(run)
                count += 1
                #expect(!renewed.withLock { $0 }, "done to the alias of a hidden key, before call \(place)")
            } catch is KMSError {
                let alias = try await run.contents().aliases[try Scene.alias]
                #expect(!renewed.withLock { $0 } || alias?.key == scene.decoy.id, "before call \(place)")
            }
            if run.interleaving.callCount < place { return count }
        }
    }

    @Test func `who may not see the key of an alias does not delete it, also if it was another key's a moment ago`()
        async throws
    {
        let count = try await attempt { run in try await run.kms.deleteAlias(try Scene.alias, by: run.caller) }
        #expect(count > 0)
    }

    @Test func `who may not see the key of an alias does not move it, also if it was another key's a moment ago`()
        async throws
    {
        let count = try await attempt { run in
            let third = try await run.other.make(
                CreateKeyRequest(name: try KeyName("third")), by: try Scene.caller("user"))
            _ = try await run.kms.setAlias(try Scene.alias, to: .id(third.id), by: run.caller)
        }
        #expect(count > 0)
    }
}
