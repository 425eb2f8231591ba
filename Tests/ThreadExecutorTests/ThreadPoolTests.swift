import Foundation
import Synchronization
import SystemClock
import Testing
import ThreadExecutor

@Suite struct ThreadPoolTests {
    private static func pool(threads: Int = 1, queueLimit: Int = 100) -> ThreadPool {
        ThreadPool(name: "test", threads: threads, queueLimit: queueLimit)
    }

    private static var soon: MonotonicTime { .now + .seconds(20) }

    @Test func `calls of one thread are made one at a time, in order`() async throws {
        let pool = Self.pool()
        let made = Made()
        let gate = Gate()
        async let running: Void = pool.run(by: Self.soon) { gate.hold() }
        await gate.isHeld()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { try await pool.run(by: Self.soon) { made.numbers.withLock { $0.append(number) } } }
                while pool.waitingCount <= number { try await Task.sleep(for: .milliseconds(1)) }
            }
            gate.open()
            try await group.waitForAll()
        }
        try await running
        #expect(made.numbers.withLock { $0 } == Array(0..<50))
        #expect(await pool.stop())
    }

    @Test func `many callers on many threads each get their own answer`() async throws {
        let pool = Self.pool(threads: 4, queueLimit: 1000)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<1000 {
                group.addTask { try await pool.run(by: Self.soon) { number } == number }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(await pool.stop())
    }

    @Test func `a full queue refuses at once, and takes work again when there is room`() async throws {
        let pool = Self.pool(queueLimit: 2)
        let gate = Gate()
        async let running: Void = pool.run(by: Self.soon) { gate.hold() }
        await gate.isHeld()
        async let first = pool.run(by: Self.soon) { 1 }
        async let second = pool.run(by: Self.soon) { 2 }
        while pool.waitingCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
        await #expect(throws: ThreadPoolError.full) { try await pool.run(by: Self.soon) { 3 } }
        gate.open()
        _ = try await (running, first, second)
        #expect(try await pool.run(by: Self.soon) { 4 } == 4)
        #expect(await pool.stop())
    }

    @Test func `work that could not be done by its deadline is refused at once, and other work is taken`() async throws
    {
        let pool = Self.pool(queueLimit: 10_000)
        // The cost of work here: five milliseconds of a thread.
        let work: @Sendable () -> Void = { usleep(5000) }
        for _ in 0..<64 { try await pool.run(by: Self.soon, work) }
        let start = MonotonicTime.now
        let outcomes = await withTaskGroup(of: (isDone: Bool, took: Duration).self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    let isDone = (try? await pool.run(by: start + .milliseconds(500), work)) != nil
                    return (isDone, .now - start)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let refused = outcomes.filter { !$0.isDone }
        // At most 100 can be done; nearly all others are refused long before their deadline.
        #expect(refused.count >= 880)
        #expect(
            refused.count { $0.took < .milliseconds(400) } >= 800, "\(refused.map(\.took).sorted()[refused.count / 2])")
        try await pool.run(by: Self.soon, work)
        #expect(await pool.stop())
    }

    @Test func `a caller whose work hangs is answered by the deadline, and the result is dropped`() async throws {
        let pool = Self.pool()
        let gate = Gate()
        await #expect(throws: ThreadPoolError.late) {
            try await pool.run(by: .now + .milliseconds(100)) { gate.hold() }
        }
        gate.open()
        #expect(try await pool.run(by: Self.soon) { "next" } == "next")
        #expect(await pool.stop())
    }

    @Test func `work that waited beyond its deadline is not done`() async throws {
        let pool = Self.pool()
        let gate = Gate()
        let done = Mutex(false)
        async let running: Void = pool.run(by: Self.soon) { gate.hold() }
        await gate.isHeld()
        await #expect(throws: ThreadPoolError.late) {
            try await pool.run(by: .now + .milliseconds(100)) { done.withLock { $0 = true } }
        }
        gate.open()
        try await running
        _ = try await pool.run(by: Self.soon) { 0 }
        #expect(done.withLock { !$0 })
        #expect(await pool.stop())
    }

    @Test func `stopping refuses what waits and lets run what runs`() async throws {
        let pool = Self.pool()
        let gate = Gate()
        async let running = pool.run(by: Self.soon) {
            gate.hold()
            return "done"
        }
        await gate.isHeld()
        let waiting = Task { try await pool.run(by: Self.soon) { "never" } }
        while pool.waitingCount < 1 { try await Task.sleep(for: .milliseconds(1)) }
        async let stopped = pool.stop(patience: .seconds(20))
        await #expect(throws: ThreadPoolError.stopped) { try await waiting.value }
        gate.open()
        #expect(try await running == "done")
        #expect(await stopped)
        await #expect(throws: ThreadPoolError.stopped) { try await pool.run(by: Self.soon) { 0 } }
    }

    @Test func `stopping does not wait for ever for a thread that hangs`() async throws {
        let pool = Self.pool()
        let gate = Gate()
        async let hanging: Void = pool.run(by: Self.soon) { gate.hold() }
        await gate.isHeld()
        #expect(await pool.stop(patience: .milliseconds(50)) == false)
        gate.open()
        try await hanging
    }

    @Test func `a thread that hangs is replaced, and ends when it comes back`() async throws {
        let hangs = Mutex<[Int]>([])
        let pool = ThreadPool(
            name: "test", threads: 1, queueLimit: 10, replacementLimit: 1,
            onHang: { count in hangs.withLock { $0.append(count) } })
        let gate = Gate()
        await #expect(throws: ThreadPoolError.late) {
            try await pool.run(by: .now + .milliseconds(50)) { gate.hold() }
        }
        // Done by another thread.
        #expect(try await pool.run(by: Self.soon) { 1 } == 1)
        #expect(pool.hangingCount == 1)
        #expect(hangs.withLock { $0 } == [1])
        gate.open()
        while pool.hangingCount > 0 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(try await pool.run(by: Self.soon) { 2 } == 2)
        #expect(await pool.stop())
    }

    @Test func `when all hang and no more may be added, work is refused at once, until one comes back`() async throws {
        let pool = ThreadPool(name: "test", threads: 1, queueLimit: 10, replacementLimit: 1)
        let gates = [Gate(), Gate()]
        for gate in gates {
            await #expect(throws: ThreadPoolError.late) {
                try await pool.run(by: .now + .milliseconds(50)) { gate.hold() }
            }
        }
        var error: ThreadPoolError?
        while error != .stuck {
            do throws(ThreadPoolError) {
                try await pool.run(by: .now + .milliseconds(20)) {}
            } catch let thrown {
                error = thrown
            }
        }
        gates[1].open()
        var isBack = false
        while !isBack {
            do throws(ThreadPoolError) {
                isBack = try await pool.run(by: Self.soon) { true }
            } catch {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        gates[0].open()
        #expect(await pool.stop())
    }

    @Test func `one thing that blocks runs beside the tasks and hands on what it throws`() async throws {
        struct Broken: Error, Equatable {}
        #expect(await onOwnThread("test") { 7 } == 7)
        await #expect(throws: Broken()) { try await onOwnThread("test") { () throws(Broken) in throw Broken() } }
    }
}

/// The calls that were made, in order.
private final class Made: Sendable {
    let numbers = Mutex<[Int]>([])
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
    private let held = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    func hold() {
        held.signal()
        opened.wait()
    }

    func isHeld() async {
        let held = held
        await onOwnThread("gate") { held.wait() }
    }

    func open() { opened.signal() }
}
