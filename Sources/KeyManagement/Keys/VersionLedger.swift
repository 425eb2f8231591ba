/// The state of each version of a key, and the number of its changes. The ledger is sealed with the key.
///
/// It decides which version is the default one and which may still decrypt. A version's own record also has a seal, but so does
/// an older copy of it. So a record is valid only while it agrees with the ledger.
///
/// Versions are numbered without gaps, and neighbours are mostly alike: 10,000 versions of which the last is active are two
/// runs.
package struct VersionLedger: Hashable, Sendable {
    /// The ledger's entry of one version.
    package struct Entry: Hashable, Sendable {
        package let state: VersionState
        /// The number of changes of the state: 1 for a new version.
        package let counter: UInt64

        package init(state: VersionState, counter: UInt64) {
            self.state = state
            self.counter = counter
        }
    }

    /// A run of neighbouring versions with equal entries.
    struct Run: Hashable, Sendable {
        var count: UInt32
        let entry: Entry
    }

    /// The runs in the order of the numbers. Neighbouring runs differ.
    private(set) var runs: [Run]

    /// The ledger of a key without versions.
    package static let empty = VersionLedger(runs: [])

    init(runs: [Run]) {
        self.runs = runs
    }

    /// Creates the ledger of versions with these entries, starting with number 1.
    ///
    /// - Precondition: at most one is active.
    package init(_ entries: some Sequence<Entry>) {
        self.init(runs: entries.map { Run(count: 1, entry: $0) })
        precondition(count(of: .active) <= 1, "one active version")
        join()
    }

    /// The number of versions that exist or existed, which is also the latest number.
    package var count: UInt32 { runs.reduce(0) { $0 + $1.count } }

    /// The default version, the only one that encrypts.
    package var active: VersionNumber? {
        var number: UInt32 = 0
        for run in runs {
            number += run.count
            if run.entry.state == .active { return VersionNumber(number) }
        }
        return nil
    }

    /// Returns the number of versions in a state.
    package func count(of state: VersionState) -> UInt32 {
        runs.reduce(0) { $0 + ($1.entry.state == state ? $1.count : 0) }
    }

    /// The number of the next version, or `nil` if the numbers are used up.
    package var nextNumber: VersionNumber? {
        guard let latest = VersionNumber(count) else { return .first }
        return latest.next
    }

    /// The key's state, which follows from its versions and is never stored.
    package var keyState: KeyState {
        if runs.isEmpty { return .preActivation }
        if active != nil { return .active }
        return runs.allSatisfy { $0.entry.state == .destroyed } ? .destroyed : .deactivated
    }

    /// The entry of a version; `nil` if the key never had one of that number.
    package subscript(number: VersionNumber) -> Entry? {
        var end: UInt32 = 0
        for run in runs {
            end += run.count
            if number.value <= end { return run.entry }
        }
        return nil
    }

    /// Returns the newest versions, at most `limit` of them, the newest first.
    func newest(_ limit: Int) -> [(number: VersionNumber, entry: Entry)] {
        var newest: [(number: VersionNumber, entry: Entry)] = []
        var number = count
        for run in runs.reversed() {
            for _ in 0..<run.count {
                guard newest.count < limit, let version = VersionNumber(number) else { return newest }
                newest.append((version, run.entry))
                number -= 1
            }
        }
        return newest
    }

    /// Adds a version that was just created and is active.
    mutating func addActive(_ number: VersionNumber) {
        precondition(active == nil && number == nextNumber, "one active version, numbers without gaps")
        runs.append(Run(count: 1, entry: Entry(state: .active, counter: 1)))
    }

    /// Counts a change of a version that leaves its state.
    mutating func touch(_ number: VersionNumber) {
        guard let state = self[number]?.state else { preconditionFailure("a version that the key never had") }
        replace(number, with: state)
    }

    /// Changes the state of a version. The caller must have checked that the transition is allowed.
    mutating func move(_ number: VersionNumber, to state: VersionState) {
        precondition(state != .active || active == nil, "one active version")
        replace(number, with: state)
    }

    private mutating func replace(_ number: VersionNumber, with state: VersionState) {
        var start: UInt32 = 1
        for (index, run) in runs.enumerated() {
            let end = start + (run.count - 1)
            guard number.value <= end else {
                start = end + 1
                continue
            }
            let moved = Run(count: 1, entry: Entry(state: state, counter: run.entry.counter + 1))
            let before = Run(count: number.value - start, entry: run.entry)
            let after = Run(count: end - number.value, entry: run.entry)
            runs.replaceSubrange(index...index, with: [before, moved, after].filter { $0.count > 0 })
            join()
            return
        }
        preconditionFailure("a version that the key never had")
    }

    /// Joins neighbouring runs with equal entries.
    private mutating func join() {
        var joined: [Run] = []
        joined.reserveCapacity(runs.count)
        for run in runs {
            if let last = joined.last, last.entry == run.entry {
                joined[joined.count - 1].count += run.count
            } else {
                joined.append(run)
            }
        }
        runs = joined
    }
}
