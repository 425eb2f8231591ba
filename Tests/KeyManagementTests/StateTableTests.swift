import KeyManagement
import Testing

@Suite
struct StateTableTests {
    typealias State = VersionState
    typealias Use = StateTable.Use
    typealias Event = StateTable.Event

    /// Every state with every use, as the design specifies them.
    static let uses: [(State, Use, Bool)] = [
        (.active, .produce, true),
        (.active, .consume, true),
        (.deactivated, .produce, false),
        (.deactivated, .consume, true),
        (.pendingDestruction, .produce, false),
        (.pendingDestruction, .consume, false),
        (.destroyed, .produce, false),
        (.destroyed, .consume, false),
    ]

    /// Every state with every event, as the design specifies them.
    static let transitions: [(State, Event, State?)] = [
        (.active, .activate, nil),
        (.active, .deactivate, .deactivated),
        (.active, .scheduleDestruction, nil),
        (.active, .cancelDestruction, nil),
        (.active, .destroy, nil),
        (.active, .reimport, nil),
        (.deactivated, .activate, .active),
        (.deactivated, .deactivate, nil),
        (.deactivated, .scheduleDestruction, .pendingDestruction),
        (.deactivated, .cancelDestruction, nil),
        (.deactivated, .destroy, nil),
        (.deactivated, .reimport, nil),
        (.pendingDestruction, .activate, nil),
        (.pendingDestruction, .deactivate, nil),
        (.pendingDestruction, .scheduleDestruction, nil),
        (.pendingDestruction, .cancelDestruction, .deactivated),
        (.pendingDestruction, .destroy, .destroyed),
        (.pendingDestruction, .reimport, nil),
        (.destroyed, .reimport, .deactivated),
        (.destroyed, .activate, nil),
        (.destroyed, .deactivate, nil),
        (.destroyed, .scheduleDestruction, nil),
        (.destroyed, .cancelDestruction, nil),
        (.destroyed, .destroy, nil),
        (.active, .withdraw, .destroyed),
        (.deactivated, .withdraw, .destroyed),
        (.pendingDestruction, .withdraw, .destroyed),
        (.destroyed, .withdraw, nil),
    ]

    @Test(arguments: uses) func `permits each use in the right states only`(
        _ state: State, _ use: Use, _ expected: Bool
    ) {
        #expect(StateTable.permits(use, in: state) == expected)
    }

    @Test(arguments: transitions) func `lets each event lead where the design says, or nowhere`(
        _ state: State, _ event: Event, _ expected: State?
    ) {
        #expect(StateTable.state(after: event, in: state) == expected)
    }

    @Test func `the tables of this test name every pair once`() {
        let uses = Set(Self.uses.map { "\($0.0) \($0.1)" })
        #expect(uses.count == State.allCases.count * Use.allCases.count)
        #expect(Self.uses.count == uses.count)
        let transitions = Set(Self.transitions.map { "\($0.0) \($0.1)" })
        #expect(transitions.count == State.allCases.count * Event.allCases.count)
        #expect(Self.transitions.count == transitions.count)
    }
}
