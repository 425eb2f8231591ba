import Testing

@testable import KeyManagement

@Suite
struct VersionLedgerTests {
    private static func entry(_ state: VersionState, _ counter: UInt64 = 1) -> VersionLedger.Entry {
        VersionLedger.Entry(state: state, counter: counter)
    }

    private static func number(_ value: UInt32) throws -> VersionNumber { try #require(VersionNumber(value)) }

    @Test(
        arguments: [
            ([], KeyState.preActivation),
            ([.active], .active),
            ([.deactivated, .pendingDestruction, .active], .active),
            ([.destroyed, .active, .destroyed], .active),
            ([.deactivated], .deactivated),
            ([.pendingDestruction], .deactivated),
            ([.destroyed, .pendingDestruction], .deactivated),
            ([.deactivated, .destroyed, .destroyed], .deactivated),
            ([.destroyed], .destroyed),
            ([.destroyed, .destroyed, .destroyed], .destroyed),
        ] as [([VersionState], KeyState)])
    func `says the key's state, which follows from its versions`(_ states: [VersionState], _ expected: KeyState) {
        let ledger = VersionLedger(states.map { Self.entry($0) })
        #expect(ledger.keyState == expected)
        #expect(Int(ledger.count) == states.count)
        #expect(ledger.active.map { Int($0.value) - 1 } == states.firstIndex(of: .active))
        for state in VersionState.allCases { #expect(Int(ledger.count(of: state)) == states.count { $0 == state }) }
    }

    @Test func `gives the next number until the numbers are used up`() throws {
        #expect(VersionLedger.empty.nextNumber == .first)
        func next(after count: UInt32) -> UInt32? {
            VersionLedger(runs: [.init(count: count, entry: Self.entry(.deactivated))]).nextNumber?.value
        }
        #expect(next(after: 1) == 2)
        #expect(next(after: .max - 1) == .max)
        #expect(next(after: .max) == nil)
    }

    @Test func `of 10,000 rotations is two runs, and tells each version apart`() throws {
        var ledger = VersionLedger.empty
        for value: UInt32 in 1...10_000 {
            if let active = ledger.active { ledger.move(active, to: .deactivated) }
            ledger.addActive(try Self.number(value))
        }
        #expect(ledger.runs.count == 2)
        #expect(ledger.encoded.count == 26)
        #expect(ledger[try Self.number(1)] == Self.entry(.deactivated, 2))
        #expect(ledger[try Self.number(9_999)] == Self.entry(.deactivated, 2))
        #expect(ledger[try Self.number(10_000)] == Self.entry(.active, 1))
        #expect(ledger[try Self.number(10_001)] == nil)
        #expect(ledger.active?.value == 10_000)
    }

    @Test func `is what a list of all versions would be, whatever happens to them`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var ledger = VersionLedger.empty
            var model: [VersionLedger.Entry] = []
            for _ in 0..<60 {
                let index = model.isEmpty ? nil : Int.random(in: model.indices, using: &generator)
                if let index, Bool.random(using: &generator) {
                    let state = [VersionState.deactivated, .pendingDestruction, .destroyed].randomElement(
                        using: &generator)
                    model[index] = Self.entry(try #require(state), model[index].counter + 1)
                    ledger.move(try Self.number(UInt32(index + 1)), to: try #require(state))
                } else if ledger.active == nil {
                    model.append(Self.entry(.active))
                    ledger.addActive(try #require(ledger.nextNumber))
                }
                #expect(ledger == VersionLedger(model))
                #expect(VersionLedger(encoded: ledger.encoded) == ledger)
                for (index, entry) in model.enumerated() {
                    #expect(ledger[try Self.number(UInt32(index + 1))] == entry)
                }
            }
        }
    }

    @Test func `is encoded as documented: state, number of versions, counter`() {
        let ledger = VersionLedger([
            Self.entry(.destroyed, 0x0102_0304_0506_0708), Self.entry(.deactivated, 2), Self.entry(.deactivated, 2),
            Self.entry(.pendingDestruction, 3), Self.entry(.active),
        ])
        #expect(
            ledger.encoded == [
                4, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8,
                2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2,
                3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3,
                1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1,
            ])
    }

    @Test(
        arguments: [
            [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],  // too short
            [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],  // no such state
            [5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
            [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],  // a run of none
            [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],  // a version that never came to be
            [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1],  // two active ones
            [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3],
            [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],  // one run as two
            [2, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],  // too many
        ] as [[UInt8]])
    func `refuses what it would not have written itself`(_ bytes: [UInt8]) {
        #expect(VersionLedger(encoded: bytes) == nil)
    }
}
