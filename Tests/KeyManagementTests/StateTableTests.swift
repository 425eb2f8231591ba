import KeyManagement
import Testing

@Suite("The state table")
struct StateTableTests {
    typealias State = VersionState
    typealias Use = StateTable.Use
    typealias Event = StateTable.Event

    /// Every state with every use, as the design has them.
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

    /// Every state with every event, as the design has them.
    static let transitions: [(State, Event, State?)] = [
        (.active, .activate, nil),
        (.active, .deactivate, .deactivated),
        (.active, .scheduleDestruction, nil),
        (.active, .cancelDestruction, nil),
        (.active, .destroy, nil),
        (.deactivated, .activate, .active),
        (.deactivated, .deactivate, nil),
        (.deactivated, .scheduleDestruction, .pendingDestruction),
        (.deactivated, .cancelDestruction, nil),
        (.deactivated, .destroy, nil),
        (.pendingDestruction, .activate, nil),
        (.pendingDestruction, .deactivate, nil),
        (.pendingDestruction, .scheduleDestruction, nil),
        (.pendingDestruction, .cancelDestruction, .deactivated),
        (.pendingDestruction, .destroy, .destroyed),
        (.destroyed, .activate, nil),
        (.destroyed, .deactivate, nil),
        (.destroyed, .scheduleDestruction, nil),
        (.destroyed, .cancelDestruction, nil),
        (.destroyed, .destroy, nil),
    ]

    @Test("permits each use in the right states only", arguments: uses)
    func permits(_ state: State, _ use: Use, _ expected: Bool) {
        #expect(StateTable.permits(use, in: state) == expected)
    }

    @Test("lets each event lead where the design says, or nowhere", arguments: transitions)
    func leads(_ state: State, _ event: Event, _ expected: State?) {
        #expect(StateTable.state(after: event, in: state) == expected)
    }

    @Test("the tables of this test name every pair once")
    func complete() {
        let uses = Set(Self.uses.map { "\($0.0) \($0.1)" })
        #expect(uses.count == State.allCases.count * Use.allCases.count)
        #expect(Self.uses.count == uses.count)
        let transitions = Set(Self.transitions.map { "\($0.0) \($0.1)" })
        #expect(transitions.count == State.allCases.count * Event.allCases.count)
        #expect(Self.transitions.count == transitions.count)
    }

    @Test(
        "a key's state follows from its versions",
        arguments: [
            // active, deactivated, pending, destroyed
            (nil, 0, 0, 0, KeyState.preActivation),
            (1, 0, 0, 0, .active),
            (3, 1, 1, 0, .active),
            (3, 0, 0, 2, .active),
            (nil, 1, 0, 0, .deactivated),
            (nil, 0, 1, 0, .deactivated),
            (nil, 0, 1, 5, .deactivated),
            (nil, 1, 0, 5, .deactivated),
            (nil, 0, 0, 1, .destroyed),
            (nil, 0, 0, 9, .destroyed),
        ] as [(UInt32?, UInt32, UInt32, UInt32, KeyState)])
    func keyState(
        _ active: UInt32?, _ deactivated: UInt32, _ pending: UInt32, _ destroyed: UInt32, _ expected: KeyState
    ) {
        let tally = VersionTally(
            active: active.flatMap { VersionNumber($0) }, deactivated: deactivated, pendingDestruction: pending,
            destroyed: destroyed, transitions: 0)
        #expect(tally.keyState == expected)
        #expect(tally.count == (active == nil ? 0 : 1) + deactivated + pending + destroyed)
    }

    @Test("the next version number is one more than there were versions, until the numbers are used up")
    func nextNumber() {
        #expect(VersionTally.empty.nextNumber == .first)
        func next(deactivated: UInt32) -> UInt32? {
            VersionTally(
                active: .first, deactivated: deactivated, pendingDestruction: 0, destroyed: 0, transitions: 0
            ).nextNumber?.value
        }
        #expect(next(deactivated: 0) == 2)
        #expect(next(deactivated: 9) == 11)
        #expect(next(deactivated: 4_294_967_293) == 4_294_967_295)
        #expect(next(deactivated: 4_294_967_294) == nil)
    }
}
