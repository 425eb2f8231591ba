/// What the directory has records of.
public enum DirectoryKind: String, Sendable, CaseIterable {
    case project
    case subject
    case group
    case credential
    /// By which requests of clients of AWS are signed.
    case accessKey
    /// Which project is at a place.
    case location
    /// The roots of an epoch.
    case root
    /// Who has to approve what.
    case approvalPolicy
    /// A request for approval.
    case approval
    /// The one record that changes with everything that bears on administrators, approvers and approval policies.
    case oversight
    /// The grants of one key.
    case grants
    /// The key of the state digest.
    case stateKey
}

/// A record of the directory: who there is, and who may do what.
///
/// It is stored as its canonical form, which is what its seal covers; so there is nothing in it that is not sealed.
public protocol DirectoryRecord: Sealable, Hashable {
    static var kind: DirectoryKind { get }
    /// By which the record is found among those of its kind.
    var key: String { get }
    /// What it belongs to: of a credential its subject; empty where there is nothing.
    var parent: String { get }
    /// 1 when the record is new, and one more with each change.
    var revision: UInt64 { get }
    /// Nil when the bytes are no such record.
    init?(canonical bytes: [UInt8])
}

extension DirectoryRecord {
    public var sealedName: String { "\(Self.kind.rawValue) \(key)" }

    /// As the store has it.
    package var document: DirectoryDocument {
        DirectoryDocument(kind: Self.kind, key: key, parent: parent, revision: revision, content: canonicalBytes)
    }
}

/// A record of the directory as a store has it: its canonical form, and beside it what it is found by.
public struct DirectoryDocument: Hashable, Sendable, Sealable {
    public let kind: DirectoryKind
    public let key: String
    public let parent: String
    public let revision: UInt64
    /// At most 64 KiB.
    public let content: [UInt8]

    public static let longestContent = 64 * 1024

    public init(kind: DirectoryKind, key: String, parent: String, revision: UInt64, content: [UInt8]) {
        self.kind = kind
        self.key = key
        self.parent = parent
        self.revision = revision
        self.content = content
    }

    public var canonicalBytes: [UInt8] { content }
    public var sealedName: String { "\(kind.rawValue) \(key)" }

    /// The record; nil when the content is none of this type, or not the one that the columns name.
    func record<Record: DirectoryRecord>(_ type: Record.Type) -> Record? {
        guard kind == Record.kind, let record = Record(canonical: content), record.key == key, record.parent == parent,
            record.revision == revision, record.canonicalBytes == content
        else { return nil }
        return record
    }

    /// Whether the columns say the same as the content, which is what the seal covers.
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

/// Whether something of the directory counts. What was deleted stays, so that its name is never given to another.
public enum DirectoryStatus: String, Sendable, CaseIterable {
    case enabled
    /// For now; it can be enabled again.
    case disabled
    case deleted
}
