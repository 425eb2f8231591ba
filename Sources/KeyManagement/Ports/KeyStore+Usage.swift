// Reserved uses of versions.
extension KeyStore {
    package func usage(of version: VersionID) async throws(StoreError) -> Sealed<UsageRecord>? {
        try await record(at: version.place)
    }

    /// Raises the reserved uses of versions, all or nothing, in one transaction.
    ///
    /// - Throws: ``StoreError/conflict`` if one of them no longer has `from` reserved (0: no record), or its key is gone.
    package func reserve(_ reservations: [UsageReservation], state: StateChange) async throws(StoreError) {
        let changes = reservations.map { reservation in
            reservation.from == 0
                ? DocumentChange.insert(reservation.record)
                : .replace(reservation.record.write, from: reservation.from)
        }
        _ = try await commit(StoreTransaction(changes, state: state))
    }
}

/// One increase of a version's reserved uses.
package struct UsageReservation: Sendable {
    /// The number of reserved uses that the store must have now.
    package let from: UInt64
    package let record: Sealed<UsageRecord>

    package init(from: UInt64, record: Sealed<UsageRecord>) {
        self.from = from
        self.record = record
    }
}
