extension VersionLedger {
    /// The ledger as it is stored and sealed. Each run has the state (1 byte), the number of versions (4 bytes) and the counter
    /// (8 bytes), both big-endian.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(runs.count * Self.runLength)
        for run in runs {
            bytes.append(Self.code(of: run.entry.state))
            withUnsafeBytes(of: run.count.bigEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: run.entry.counter.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Reads an ``encoded`` ledger; `nil` if the bytes are not one. Each ledger has exactly one encoding.
    package init?(encoded bytes: [UInt8]) {
        guard bytes.count % Self.runLength == 0 else { return nil }
        var runs: [Run] = []
        var total: UInt32 = 0
        var active = 0
        for start in stride(from: 0, to: bytes.count, by: Self.runLength) {
            let count = bytes[start + 1..<start + 5].reduce(0) { $0 << 8 | UInt32($1) }
            let counter = bytes[start + 5..<start + 13].reduce(0) { $0 << 8 | UInt64($1) }
            let (sum, overflows) = total.addingReportingOverflow(count)
            guard let state = Self.state(of: bytes[start]), count > 0, counter > 0, !overflows else { return nil }
            let run = Run(count: count, entry: Entry(state: state, counter: counter))
            guard runs.last?.entry != run.entry else { return nil }
            if state == .active { active += Int(count) }
            total = sum
            runs.append(run)
        }
        guard active <= 1 else { return nil }
        self.init(runs: runs)
    }

    private static let runLength = 13

    private static func code(of state: VersionState) -> UInt8 {
        switch state {
        case .active: 1
        case .deactivated: 2
        case .pendingDestruction: 3
        case .destroyed: 4
        }
    }

    private static func state(of code: UInt8) -> VersionState? {
        VersionState.allCases.first { Self.code(of: $0) == code }
    }
}
