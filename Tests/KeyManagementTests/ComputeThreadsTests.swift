import Glibc
import KMSTesting
import Synchronization
import Testing

@testable import KeyManagement

/// Long computation: on separate threads, in slices, and with a limit on the accepted work.
@Suite(.timeLimit(.minutes(1))) struct ComputeThreadsTests {
    /// Holds the only thread of a pool until it is opened.
    private final class Hold: Sendable {
        private let isOpen = Atomic(false)
        private let isReached = Atomic(false)

        func wait() {
            isReached.store(true, ordering: .releasing)
            while !isOpen.load(ordering: .acquiring) { usleep(1000) }
        }

        func open() { isOpen.store(true, ordering: .releasing) }

        func reached() async {
            // The other thread needs time; nothing else can be waited for.
            while !isReached.load(ordering: .acquiring) { try? await Task.sleep(for: .milliseconds(1)) }
        }
    }

    /// The order of arrivals.
    private final class Order: Sendable {
        private let kept = Mutex<[String]>([])
        var names: [String] { kept.withLock { $0 } }

        func note(_ name: String) { kept.withLock { $0.append(name) } }
    }

    @Test func `results are in the items' order`() async throws {
        let threads = ComputeThreads(threads: 2, queueLimit: 10)
        let results = await threads.each(Array(0..<1000)) { number in
            number % 7 == 0 ? .failure(.invalidRequest("\(number)")) : .success(2 * number)
        }
        #expect(results.count == 1000)
        for (number, result) in results.enumerated() {
            #expect(result == (number % 7 == 0 ? .failure(.invalidRequest("\(number)")) : .success(2 * number)))
        }
        #expect(await threads.each([Int]()) { .success($0) }.isEmpty)
        await threads.stop()
    }

    @Test func `the work is done on the pool's threads, and one caller's slices let another one in`() async throws {
        let threads = ComputeThreads(threads: 1, queueLimit: 10, deadline: .seconds(600))
        let hold = Hold()
        let order = Order()
        async let held: Void = threads.run { hold.wait() }
        await hold.reached()
        await withTaskGroup(of: Void.self) { group in
            for name in ["a", "b"] {
                group.addTask {
                    _ = await threads.each(Array(0..<20)) { _ -> ItemResult<Int> in
                        order.note(name)
                        // Longer than a slice.
                        usleep(3000)
                        return .success(0)
                    }
                }
            }
            hold.open()
        }
        try await held
        let names = order.names
        #expect(names.count == 40)
        let changes = zip(names, names.dropFirst()).count { $0 != $1 }
        #expect(changes > 5, "they take turns: \(names)")
        await threads.stop()
    }

    @Test(arguments: [(1, 0), (2, 0), (3, 1)])
    func `as much waits as may, and one more is refused as busy`(_ count: Int, refused: Int) async throws {
        let threads = ComputeThreads(threads: 1, queueLimit: 2, deadline: .seconds(600))
        let hold = Hold()
        async let held: Void = threads.run { hold.wait() }
        await hold.reached()
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let result = await threads.each([1]) { .success($0) }
                    return result == [.success(1)]
                }
            }
            // A refusal comes at once, everything else when the thread is free.
            var answers: [Bool] = []
            if refused > 0, let first = await group.next() {
                #expect(!first)
                answers.append(first)
            }
            hold.open()
            for await answer in group { answers.append(answer) }
            return answers
        }
        try await held
        #expect(results.count { !$0 } == refused)
        await threads.stop()
    }

    @Test func `a slice that is not done by its deadline is busy, and so are all items after it`() async throws {
        let threads = ComputeThreads(threads: 1, queueLimit: 10, deadline: .milliseconds(50))
        let hold = Hold()
        async let held: Result<Void, KMSError> = result { () throws(KMSError) in try await threads.run { hold.wait() } }
        await hold.reached()
        let results = await threads.each([1, 2, 3]) { .success($0) }
        #expect(results.count == 3)
        for result in results {
            guard case .failure(let error) = result, error.code == .busy else {
                Issue.record("\(result)")
                continue
            }
        }
        hold.open()
        _ = await held
        #expect(await threads.each([4]) { .success($0) } == [.success(4)])
        await threads.stop()
    }
}
