/// The record that also changes with every change of approval policies. It also changes if a change may remove an
/// administrator, an approver, or a role of one.
///
/// A change is decided on many records and stores one of them. It also moves this record from the revision it was decided at to
/// the next. So of two concurrent changes, one is a conflict and is decided again. The record has no content of its own.
struct OversightRecord: DirectoryRecord {
    var revision: UInt64
    var changedAt: Timestamp

    static let kind = DirectoryKind.oversight
    /// The key of the only record.
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
