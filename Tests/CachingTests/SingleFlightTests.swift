import Synchronization
import Testing

@testable import Caching

@Suite struct SingleFlightTests {
    /// Counts its executions, each of which ends when it is told to.
    private final class Source: Sendable {
        let flight = Mutex(SingleFlight<Int>())
        let executions = Atomic(0)

        func join(until end: AsyncStream<Void>) -> Task<Int, Never> {
            flight.withLock { flight in
                flight.join { [self] in
                    let number = executions.add(1, ordering: .relaxed).newValue
                    for await _ in end {}
                    self.flight.withLock { $0.end() }
                    return number
                }
            }
        }
    }

    @Test func `callers at the same time share one execution, and a later caller starts another`() async {
        let source = Source()
        let (first, end) = AsyncStream.makeStream(of: Void.self)
        let callers = (0..<3).map { _ in source.join(until: first) }
        #expect(source.flight.withLock { $0.isInFlight })
        end.finish()
        for caller in callers { #expect(await caller.value == 1) }
        #expect(source.flight.withLock { !$0.isInFlight })
        let (second, secondEnd) = AsyncStream.makeStream(of: Void.self)
        secondEnd.finish()
        #expect(await source.join(until: second).value == 2)
    }
}
