import KMSTesting
import StoreSQLite
import Testing

@testable import KeyManagement

@Suite
struct RateLimitTests {
    /// A monotonic clock that is advanced by hand.
    final class Moment: @unchecked Sendable {
        // Sendable: each test uses it from one task only.
        var now = ContinuousClock.now
    }

    private func recorder() -> AuditRecorder { AuditRecorder() }

    /// Returns another instance of the service, with a limit of symmetric operations per second for each subject.
    private func limited(_ service: Service, perSubject rate: Int) -> KeyService {
        KeyService(
            token: service.token, store: service.store, audit: service.audit, clock: service.clock,
            limits: RateLimits(perSubject: [.symmetric: rate], perProject: [:]), recordLease: .zero,
            logger: Service.logger)
    }

    private func principal(_ name: String) throws -> Principal {
        Principal(profile: Profile(subject: try SubjectID(name), kind: .subject(.user)))
    }

    @Test func `two seconds' worth may come at once, then as many as the rate`() throws {
        let moment = Moment()
        let limiter = RateLimiter(RateLimits(perSubject: [.rsa: 10], perProject: [:])) { moment.now }
        let alice = try principal("alice")
        func take() -> Bool {
            (try? limiter.take(1, of: .rsa, for: alice, in: nil, recorder())) != nil
        }
        #expect((0..<20).allSatisfy { _ in take() })
        #expect(!take())
        moment.now += .milliseconds(99)
        #expect(!take())
        moment.now += .milliseconds(1)
        #expect(take())
        #expect(!take())
        moment.now += .seconds(3600)
        #expect((0..<20).allSatisfy { _ in take() } && !take())
    }

    @Test func `whoever is over the limit is told how long to wait, and why is in the audit log`() throws {
        let moment = Moment()
        let limiter = RateLimiter(RateLimits(perSubject: [.ec: 2], perProject: [:])) { moment.now }
        let alice = try principal("alice")
        try limiter.take(100, of: .ec, for: alice, in: nil, recorder())
        let recorder = AuditRecorder()
        let error = #expect(throws: KMSError.self) { try limiter.take(1, of: .ec, for: alice, in: nil, recorder) }
        // 4 at once; 100 were taken: 97 are missing for the next, at 2 a second.
        #expect(error == .rateLimited(retryAfter: .seconds(48.5)))
        #expect(recorder.current.isDenied && recorder.current.reason.contains("ec operations"))
    }

    @Test func `subjects, projects and kinds of work are limited apart from each other`() throws {
        let moment = Moment()
        let limits = RateLimits(perSubject: [.symmetric: 1], perProject: [.symmetric: 2, .management: 1])
        let limiter = RateLimiter(limits) { moment.now }
        func take(_ who: String, _ work: WorkClass, _ project: String) throws -> Bool {
            let (who, project) = (try principal(who), try ProjectID(project))
            return (try? limiter.take(1, of: work, for: who, in: project, recorder())) != nil
        }
        #expect(try take("a", .symmetric, "p") && take("a", .symmetric, "p") && !take("a", .symmetric, "p"))
        #expect(try take("b", .symmetric, "p") && take("b", .symmetric, "p"))
        #expect(try !take("c", .symmetric, "p"), "the project has none left")
        #expect(try take("c", .symmetric, "q"))
        #expect(try take("c", .management, "p") && take("c", .rsa, "p"))
    }

    @Test
    func `through the service, each operation counts under the class of its key, a batch as many as it has items`()
        async throws
    {
        let service = try await Service()
        let kms = limited(service, perSubject: 5)
        let key = try await kms.make(CreateKeyRequest(name: KeyName("k")), by: service.manager)
        let signer = try await kms.make(CreateKeyRequest(name: KeyName("s"), algorithm: .ecP256), by: service.manager)
        let items = Array(repeating: DataKeyItem(), count: 100)
        #expect(try await kms.issueDataKeys(batch: items, under: .id(key.id), by: service.manager).count == 100)
        let error = await refusal { try await kms.issueDataKey(under: .id(key.id), by: service.manager) }
        #expect(error?.code == .rateLimited)
        let random = await refusal { try await kms.generateRandom(byteCount: 1, by: service.manager) }
        #expect(random?.code == .rateLimited)
        _ = try await kms.sign(.message([1]), with: .id(signer.id), by: service.manager)
        _ = try await kms.describeKey(.id(key.id), by: service.manager)
        _ = try await kms.issueDataKey(under: .id(key.id), by: service.caller(.user))
        #expect(service.audit.entries.contains { $0.code == "RATE_LIMITED" && $0.outcome == .denied })
    }

    @Test func `a batch of decrypts counts as many as it has ciphertexts, and is done as a whole`() async throws {
        let service = try await Service()
        let kms = limited(service, perSubject: 1)
        let key = try await kms.make(CreateKeyRequest(name: KeyName("k")), by: service.manager)
        let ciphertext = try await kms.issueDataKey(under: .id(key.id), by: service.manager).ciphertext
        let user = try service.caller(.user)
        // Two are permitted at once. The batch overdraws, and is paid off before the next request.
        let items = Array(repeating: DecryptItem(ciphertext: ciphertext), count: 100)
        let results = try await kms.decrypt(batch: items, by: user)
        #expect(results.count == 100 && results.allSatisfy { (try? $0.get()) != nil })
        let error = await refusal { try await kms.decrypt(ciphertext, by: user) }
        guard case .rateLimited(let wait)? = error else {
            Issue.record("not limited: \(String(describing: error))")
            return
        }
        #expect(wait > .seconds(90))
    }
}
