import KMSTesting
import KeyManagement
import Logging
import NIOCore
import Synchronization
import Testing

@testable import AWSKMSAPI

/// Operations that call the service twice, while another client moves the alias between every two calls to the store.
@Suite
struct AliasRivalTests {
    /// A store with an alias, the key that it refers to, and another key.
    private struct Scene {
        let token = MemoryToken()
        let memory = MemoryKeyStore()
        let clock = ManualClock()
        let first: KeyRecord
        let second: KeyRecord

        init(_ first: CreateKeyRequest, _ second: CreateKeyRequest) async throws {
            let kms = Self.service(token, memory, clock)
            let person = FirstSubject(subject: try SubjectID("manager"), role: .manager)
            try await kms.initializeStore(with: try await kms.prepareDirectory([person], of: Self.project))
            self.first = try await Self.key(kms.createKey(first, by: Self.caller))
            self.second = try await Self.key(kms.createKey(second, by: Self.caller))
            _ = try await kms.setAlias(Self.alias, to: .id(self.first.id), by: Self.caller)
        }

        static var project: ProjectID { get throws { try ProjectID("shop") } }
        static var alias: KeyName { get throws { try KeyName("moving") } }
        static var caller: Caller {
            get throws { Caller(subject: try SubjectID("manager"), project: try project, role: .manager) }
        }

        static func service(_ token: MemoryToken, _ store: any KeyStore, _ clock: ManualClock) -> KeyService {
            KeyService(
                token: token, store: store, audit: MemoryAuditLog(), clock: clock, recordLease: .zero,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        private static func key(_ outcome: ChangeOutcome) throws -> KeyRecord {
            guard case .changed(let changed) = outcome else { throw KMSError.internalFailure("no key") }
            return changed.key
        }

        /// Runs an operation once for each call that it makes to the store, and moves the alias before that call.
        ///
        /// - Parameter judge: receives the operation's answer (nil for a failure), and true if the alias was moved before it was
        ///   done.
        func attempt(
            _ operation: String, _ body: String,
            _ judge: (_ answer: String?, _ wasMoved: Bool, _ kms: KeyService) async throws -> Void
        ) async throws {
            var place = 0
            while true {
                place += 1
                let copy = memory.copy()
                let store = InterleavingStore(copy)
                let (other, second) = (Self.service(token, copy, clock), second.id)
                let wasMoved = Mutex(false)
                store.interrupt(at: place) {
                    let isDone = try? await other.setAlias(Self.alias, to: .id(second), by: Self.caller)
                    wasMoved.withLock { $0 = isDone != nil }
                }
                let known = try #require(Operation.all[operation])
                let call = AWSCall(
                    service: Self.service(token, store, clock), caller: try Self.caller,
                    place: Place(account: "111122223333", region: "eu-central-1"), operation: known,
                    input: try Input(Array(body.utf8), known.shape))
                var answer: String?
                do throws(AWSFailure) { answer = String(buffer: try await known.run(call)) } catch { answer = nil }
                try await judge(answer, wasMoved.withLock { $0 }, other)
                if store.callCount < place { return }
            }
        }
    }

    @Test func `GetPublicKey answers of the key whose state it looked at`() async throws {
        let request = CreateKeyRequest(name: nil, algorithm: .ecP256, usage: .signVerify)
        let scene = try await Scene(request, request)
        let kms = Scene.service(scene.token, scene.memory, scene.clock)
        // The public key of a key pending deletion is not revealed.
        _ = try await kms.scheduleDeletion(of: .id(scene.second.id), by: Scene.caller)
        var count = 0
        try await scene.attempt("GetPublicKey", #"{"KeyId": "alias/moving"}"#) { answer, _, _ in
            guard let answer else { return }
            count += 1
            #expect(answer.contains(scene.first.id.description) && !answer.contains(scene.second.id.description))
        }
        #expect(count > 0)
    }

    @Test func `UpdateAlias moves an alias from the key whose kind it looked at`() async throws {
        let scene = try await Scene(
            CreateKeyRequest(name: nil), CreateKeyRequest(name: nil, algorithm: .ecP256, usage: .signVerify))
        let kms = Scene.service(scene.token, scene.memory, scene.clock)
        let outcome = try await kms.createKey(CreateKeyRequest(name: nil), by: Scene.caller)
        guard case .changed(let third) = outcome else { throw KMSError.internalFailure("no key") }
        var count = 0
        let body = #"{"AliasName": "alias/moving", "TargetKeyId": "\#(third.key.id)"}"#
        try await scene.attempt("UpdateAlias", body) { answer, wasMoved, other in
            let alias = try await other.alias(Scene.alias, by: Scene.caller)
            if answer == nil {
                #expect(alias.key != third.key.id)
            } else {
                count += 1
                // It may have been moved on after it was updated.
                #expect(alias.key == (wasMoved ? scene.second.id : third.key.id))
            }
        }
        #expect(count > 0)
    }
}
