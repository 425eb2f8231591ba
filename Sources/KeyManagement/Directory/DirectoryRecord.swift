/// The kind of a directory record.
package enum DirectoryKind: String, Sendable, CaseIterable {
    case project
    case subject
    case group
    case credential
    /// An access key, with which AWS clients sign requests.
    case accessKey
    /// The project at a location.
    case location
    /// The roots of an epoch.
    case root
    /// The approval policy of an operation.
    case approvalPolicy
    /// A request for approval.
    case approval
    /// The single record that changes whenever a change may affect administrators, approvers or approval policies.
    case oversight
    /// The grants of one key.
    case grants
    /// The key of the state digest.
    case stateKey
}

/// A record of the directory: subjects, their roles, and the rules about them.
///
/// It is stored as its canonical form, which its seal covers. So every part of it is sealed.
package protocol DirectoryRecord: Sealable, Hashable {
    static var kind: DirectoryKind { get }
    /// The key of the record, unique among those of its kind.
    var key: String { get }
    /// The parent of the record: for a credential, its subject; empty if it has none.
    var parent: String { get }
    /// The revision: 1 for a new record, and one more with each change.
    var revision: UInt64 { get }
    /// Reads a record; `nil` if the bytes are not one.
    init?(canonical bytes: [UInt8])
}

extension DirectoryRecord {
    package var sealedName: String { "\(Self.kind.rawValue) \(key)" }

    /// The record as it is stored.
    package var document: DirectoryDocument {
        DirectoryDocument(kind: Self.kind, key: key, parent: parent, revision: revision, content: canonicalBytes)
    }
}

/// A directory record as it is stored: its canonical form, and the columns by which it is found.
package struct DirectoryDocument: Hashable, Sendable, Sealable {
    package let kind: DirectoryKind
    package let key: String
    package let parent: String
    package let revision: UInt64
    /// The canonical form; at most 64 KiB.
    package let content: [UInt8]

    package static let maxContentLength = 64 * 1024

    package init(kind: DirectoryKind, key: String, parent: String, revision: UInt64, content: [UInt8]) {
        self.kind = kind
        self.key = key
        self.parent = parent
        self.revision = revision
        self.content = content
    }

    package var canonicalBytes: [UInt8] { content }
    package var sealedName: String { "\(kind.rawValue) \(key)" }

    /// Returns the record; `nil` if the content is not of this type, or not the one that the columns name.
    func record<Record: DirectoryRecord>(_ type: Record.Type) -> Record? {
        guard kind == Record.kind, let record = Record(canonical: content), record.key == key, record.parent == parent,
            record.revision == revision, record.canonicalBytes == content
        else { return nil }
        return record
    }

    /// True if the columns agree with the content, which the seal covers.
    var isConsistent: Bool {
        switch kind {
        case .project: record(ProjectRecord.self) != nil
        case .subject: record(SubjectRecord.self) != nil
        case .group: record(GroupRecord.self) != nil
        case .credential: record(CredentialRecord.self) != nil
        case .accessKey: record(AccessKeyRecord.self) != nil
        case .location: record(LocationRecord.self) != nil
        case .root: record(RootRecord.self) != nil
        case .approvalPolicy: record(ApprovalPolicyRecord.self) != nil
        case .approval: record(ApprovalRecord.self) != nil
        case .oversight: record(OversightRecord.self) != nil
        case .grants: record(KeyGrants.self) != nil
        case .stateKey: record(StateKeyRecord.self) != nil
        }
    }
}

/// The status of a directory record. A deleted record stays, so that its name is never used again.
package enum DirectoryStatus: String, Sendable, CaseIterable {
    case enabled
    /// Temporarily out of use; it can be enabled again.
    case disabled
    case deleted
}
