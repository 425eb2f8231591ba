/// The record that every change of who guards the platform also changes: of the approval policies, and whatever takes an
/// administrator, an approver, or the role of one away.
///
/// A change is decided on many records and stores one of them. Because it also moves this record from the revision that it was decided
/// at to the next, of two changes at the same time one is a conflict, and is decided again. It says nothing itself.
struct OversightRecord: DirectoryRecord {
    var revision: UInt64
    var changedAt: Timestamp

    static let kind = DirectoryKind.oversight
    /// There is one.
    static let key = "oversight"
    var key: String { Self.key }
    var parent: String { "" }

    init(revision: UInt64, at now: Timestamp) {
        self.revision = revision
        changedAt = now
    }

    var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, revision)
        encoding.append(2, changedAt.milliseconds)
        return encoding.bytes
    }

    init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain), let revision: UInt64 = reader.number(1),
            let changedAt = reader.time(2)
        else { return nil }
        self.revision = revision
        self.changedAt = changedAt
    }

    private static let domain = "hsm-kms/seal/oversight/1"
}
