import KMSTesting
import Logging
import Synchronization
import Testing

@testable import KeyManagement

/// Several tokens with the same roots as one: the distribution of work, and the behaviour when one token is lost.
@Suite struct TokenGroupTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func candidate(_ token: any Token, closed: @escaping @Sendable () -> Void = {})
        -> TokenGroup.Candidate
    {
        TokenGroup.Candidate(
            name: "token", open: { TokenGroup.OpenToken(token, close: { closed() }) }, isFinal: { _ in false })
    }

    private static func group(_ tokens: [any Token]) async throws -> TokenGroup {
        try await TokenGroup.open(tokens.map { candidate($0) }, logger: logger)
    }

    @Test func `the load is spread over all`() async throws {
        let memory = MemoryToken()
        let tokens = [memory, memory.twin(), memory.twin()]
        let group = try await Self.group(tokens)
        let before = tokens.map(\.callCount)
        for _ in 0..<30 { _ = try await group.random(byteCount: 16) }
        #expect(zip(tokens, before).map { $0.callCount - $1 } == [10, 10, 10])
    }

    @Test func `a lost token is passed over, tried last, and used again when it is back`() async throws {
        let memory = MemoryToken()
        let tokens = [memory, memory.twin()]
        let group = try await Self.group(tokens)
        tokens[0].fail(with: .unavailable("lost"), times: .max)
        for _ in 0..<20 { _ = try await group.random(byteCount: 16) }
        try await group.checkHealth()
        tokens[1].fail(with: .unavailable("lost, too"), times: .max)
        await #expect(throws: TokenError.self) { try await group.checkHealth() }
        tokens[0].fail(with: .rejected, times: 0)
        // It rests, but no other token is available.
        try await group.checkHealth()
    }

    @Test func `what is the input's fault is not asked of another token`() async throws {
        let memory = MemoryToken()
        let tokens = [memory, memory.twin()]
        let group = try await Self.group(tokens)
        for token in tokens { token.fail(with: .unsupported("no"), times: .max) }
        let before = tokens.map(\.callCount).reduce(0, +)
        await #expect(throws: TokenError.unsupported("no")) { try await group.random(byteCount: 16) }
        #expect(tokens.map(\.callCount).reduce(0, +) == before + 1)
    }

    @Test func `tokens with other root keys are refused`() async throws {
        let closings = Mutex(0)
        let candidates = [MemoryToken(), MemoryToken()].map { token in
            Self.candidate(token) { closings.withLock { $0 += 1 } }
        }
        await #expect(throws: TokenError.self) { try await TokenGroup.open(candidates, logger: Self.logger) }
        #expect(closings.withLock { $0 } >= 1)
    }

    @Test func `one token is enough to begin with, and the other joins when it is there`() async throws {
        let memory = MemoryToken()
        let isThere = Mutex(false)
        let late = TokenGroup.Candidate(
            name: "late",
            open: {
                guard isThere.withLock({ $0 }) else { throw TokenError.unavailable("not yet") }
                return TokenGroup.OpenToken(memory) {}
            },
            isFinal: { _ in false })
        let group = try await TokenGroup.open([late, Self.candidate(memory)], logger: Self.logger)
        #expect(group.memberCount == 1)
        #expect(try await group.readIdentity() == memory.identity)
        // Destroyed roots must be destroyed in all tokens.
        await #expect(throws: TokenError.self) { try await group.destroyRoots(.first) }
        isThere.withLock { $0 = true }
        while group.memberCount < 2 { try await Task.sleep(for: .milliseconds(10)) }
        _ = try await group.random(byteCount: 16)
        await group.close()
    }

    @Test func `nothing opens, and the first reason is told`() async throws {
        let never = TokenGroup.Candidate(
            name: "never", open: { throw TokenError.failed("the first") }, isFinal: { _ in true })
        await #expect(throws: TokenError.failed("the first")) {
            try await TokenGroup.open([never, never], logger: Self.logger)
        }
    }

    @Test(arguments: TokenContract.all) func `the token contract holds for a group`(_ clause: TokenClause) async throws
    {
        let memory = MemoryToken()
        try await clause.check(try await Self.group([memory, memory.twin()]))
    }

    @Test func `roots are made in no group, and destroyed in all of its tokens`() async throws {
        let memory = MemoryToken()
        let second = try #require(RootEpoch.first.next)
        _ = try await memory.makeRoots(second)
        let twin = memory.twin()
        let group = try await Self.group([memory, twin])
        await #expect(throws: TokenError.self) { try await group.makeRoots(try #require(second.next)) }
        #expect(memory.identity.epoch == second)
        _ = try await group.destroyRoots(.first)
        #expect(memory.identity.checkValues.keys.map(\.number) == [2] && twin.identity.checkValues.count == 1)
        await group.close()
    }
}
