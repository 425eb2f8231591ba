import Foundation
import KMSTesting
import Testing
import ThreadExecutor

@testable import kms

@Suite(.timeLimit(.minutes(1))) struct LogQueueTests {
    /// A descriptor that accepts lines while it is open.
    private final class Reader: Sendable {
        private struct State {
            var isOpen = false
            var isGone = false
            var arrived = 0
            var lines: [String] = []
        }

        private let state = Monitor(State())

        /// Blocks until it is open, as `write` does.
        func take(_ line: [UInt8]) -> Bool {
            state.withLock { $0.arrived += 1 }
            state.wakeAll()
            return state.wait { state in
                if state.isGone { return false }
                guard state.isOpen else { return nil }
                state.lines.append(String(decoding: line, as: UTF8.self))
                return true
            }
        }

        func open() {
            state.withLock { ($0.isOpen, $0.isGone) = (true, false) }
            state.wakeAll()
        }

        func goAway() {
            state.withLock { $0.isGone = true }
            state.wakeAll()
        }

        /// Waits until the line with this number, from 1, is written.
        func waitForArrival(_ number: Int = 1) async {
            await onOwnThread("arrival") { [self] in _ = state.wait { $0.arrived >= number ? true : nil } }
        }

        var lines: [String] { state.withLock { $0.lines } }
    }

    private let reader = Reader()

    /// Returns a queue with room for `lines` lines of one byte.
    private func queue(lines: Int) -> LogQueue {
        LogQueue(limit: lines * (1 + LogQueue.overhead)) {
            Array("lost \($0)".utf8)
        } write: { [reader] in
            reader.take($0)
        }
    }

    private func add(_ texts: [String], to queue: LogQueue) {
        for text in texts { queue.add(Array(text.utf8)) }
    }

    @Test func `lines are written in their order`() async {
        let queue = queue(lines: 10)
        add(["a", "b", "c"], to: queue)
        reader.open()
        #expect(await queue.flush())
        #expect(reader.lines == ["a", "b", "c"] && queue.lost == 0)
    }

    @Test(arguments: [(2, 0), (3, 0), (4, 1)])
    func `a queue takes as many lines as fit, and not one more`(_ count: Int, lost: Int) async {
        let queue = queue(lines: 3)
        // Lines that are being written still count.
        add(Array(["a", "b", "c", "d"].prefix(count)), to: queue)
        #expect(queue.lost == lost)
        reader.open()
        #expect(await queue.flush())
        #expect(reader.lines == ["a", "b", "c"].prefix(count) + (lost > 0 ? ["lost 1"] : []))
        #expect(queue.lost == 0)
    }

    @Test func `the number of lost lines stands where they would have stood`() async {
        let queue = queue(lines: 2)
        add(["a", "b", "x", "y"], to: queue)
        #expect(queue.lost == 2)
        reader.open()
        #expect(await queue.flush())
        add(["c"], to: queue)
        #expect(await queue.flush())
        #expect(reader.lines == ["a", "b", "lost 2", "c"])
    }

    @Test func `lines that cannot be written are counted, and told when they can be again`() async {
        let queue = queue(lines: 10)
        reader.goAway()
        add(["a", "b"], to: queue)
        #expect(await queue.flush())
        #expect(queue.lost == 2 && reader.lines.isEmpty)
        reader.open()
        add(["c"], to: queue)
        #expect(await queue.flush())
        #expect(reader.lines == ["lost 2", "c"] && queue.lost == 0)
    }

    @Test func `a flush does not wait longer than it may`() async {
        let queue = queue(lines: 10)
        add(["a"], to: queue)
        await reader.waitForArrival()
        #expect(await !queue.flush(within: .milliseconds(20)))
        reader.open()
        #expect(await queue.flush())
    }

    @Test func `adding lines blocks nobody, however many there are`() async {
        let queue = queue(lines: 3)
        for _ in 0..<10_000 { add(["a"], to: queue) }
        #expect(queue.lost == 9997)
        reader.open()
        #expect(await queue.flush())
        let lost = reader.lines.dropFirst(3).compactMap { Int($0.dropFirst("lost ".count)) }
        #expect(reader.lines.prefix(3) == ["a", "a", "a"] && lost.reduce(0, +) == 9997, "\(reader.lines)")
    }
}
