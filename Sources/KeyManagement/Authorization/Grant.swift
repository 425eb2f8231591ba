internal import Encodings

/// The identity of a grant: 32 random bytes, shown as 64 hexadecimal digits.
package struct GrantID: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package static let byteCount = 32

    package init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Creates an identity from exactly 32 bytes; `nil` for any other number.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    package var description: String { Hexadecimal.text(bytes) }
}

/// A permission for a party to perform some actions with one key, whatever its role and the key's access control say.
///
/// Only a policy that denies an action to the party takes precedence.
package struct Grant: Hashable, Sendable {
    package let id: GrantID
    /// The name; empty if it has none. A repeated request under the same name returns the same grant.
    package let name: String
    package let grantee: AccessStatement.Party
    /// The party that may retire the grant, in addition to those that manage the key.
    package let retiring: AccessStatement.Party?
    package let actions: Set<KeyAction>
    package let constraint: GrantConstraint?
    package let issuer: SubjectID
    package let createdAt: Timestamp
    /// The grantee and the retiring party as they were written. They are displayed only, and never interpreted.
    package let granteeText: String
    package let retiringText: String

    package static let maxNameLength = 256

    /// Returns true if the grant lets a principal perform all of these actions.
    ///
    /// - Parameters:
    ///   - wanted: the actions that the grant must contain, all of them.
    ///   - context: the encryption context of the operation; `nil` if there is none.
    ///   - principal: the principal that wants to act.
    ///   - project: the project of the key.
    func allows(
        _ wanted: Set<KeyAction>, with context: EncryptionContext?, for principal: Principal, in project: ProjectID
    ) -> Bool {
        guard grantee.names(principal, in: project), !wanted.isEmpty, wanted.isSubset(of: actions) else { return false }
        guard let constraint, !wanted.isDisjoint(with: KeyAction.withContext) else { return true }
        return context.map(constraint.isMet) ?? false
    }
}

extension Grant {
    /// Returns true if the grant itself lets the principal retire it.
    func isRetirable(by principal: Principal, in project: ProjectID) -> Bool {
        retiring?.names(principal, in: project) == true
            || (actions.contains(.retireGrant) && grantee.names(principal, in: project))
    }
}

extension AccessStatement.Party {
    /// Returns true if the party includes the principal, for a key of a project.
    ///
    /// Here "everyone" means every principal with a role in the project. Otherwise a grant to everyone would admit principals
    /// unrelated to the project, and platform administrators.
    func names(_ principal: Principal, in project: ProjectID) -> Bool {
        switch self {
        case .everyone: principal.roles[project] != nil
        case .subject(let subject): subject == principal.subject
        case .group(let group): principal.groups.contains(group)
        }
    }
}

/// The encryption context that an operation must have for a grant to apply.
package enum GrantConstraint: Hashable, Sendable {
    case equals(EncryptionContext)
    /// These pairs, and possibly others.
    case includes(EncryptionContext)

    func isMet(by context: EncryptionContext) -> Bool {
        switch self {
        case .equals(let wanted): wanted == context
        case .includes(let wanted): context.includes(wanted)
        }
    }
}

/// The grants of one key, in one record, so that none of them can be removed or restored without the others.
package struct KeyGrants: RevisedRecord {
    package let keyID: KeyID
    package let project: ProjectID
    package internal(set) var grants: [Grant]
    package var revision: UInt64
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.grants
    package var key: String { keyID.description }
    package var parent: String { project.text }

    init(keyID: KeyID, project: ProjectID, at now: Timestamp) {
        self.keyID = keyID
        self.project = project
        grants = []
        revision = 1
        changedAt = now
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, keyID.bytes)
        encoding.append(2, project.text)
        encoding.append(3, revision)
        encoding.append(4, changedAt.milliseconds)
        for grant in grants { encoding.append(5, grant.canonicalBytes) }
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let keyID = reader.bytes(1).flatMap({ KeyID(bytes: $0) }),
            let project = reader.text(2).flatMap({ try? ProjectID($0) }), let revision: UInt64 = reader.number(3),
            let changedAt = reader.time(4)
        else { return nil }
        let parts = reader.all(5)
        let grants = parts.compactMap { Grant(canonical: $0) }
        guard grants.count == parts.count else { return nil }
        self.keyID = keyID
        self.project = project
        self.grants = grants
        self.revision = revision
        self.changedAt = changedAt
    }

    private static let domain = "hsm-kms/seal/grants/1"
}

extension Grant {
    fileprivate var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, id.bytes)
        encoding.append(2, name)
        encoding.append(3, grantee.text)
        if let retiring { encoding.append(4, retiring.text) }
        for action in actions.map(\.rawValue).sorted() { encoding.append(5, action) }
        switch constraint {
        case nil: break
        case .equals(let context): encoding.append(6, context.encoded)
        case .includes(let context): encoding.append(7, context.encoded)
        }
        encoding.append(8, issuer.text)
        encoding.append(9, createdAt.milliseconds)
        encoding.append(10, granteeText)
        encoding.append(11, retiringText)
        return encoding.bytes
    }

    fileprivate init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.bytes(1).flatMap({ GrantID(bytes: $0) }), let name = reader.text(2),
            let grantee = reader.text(3).flatMap({ AccessStatement.Party(text: $0) }), let actions = reader.texts(5),
            let issuer = reader.text(8).flatMap({ try? SubjectID($0) }), let createdAt = reader.time(9),
            let granteeText = reader.text(10), let retiringText = reader.text(11)
        else { return nil }
        self.id = id
        self.name = name
        self.grantee = grantee
        retiring = reader.text(4).flatMap { AccessStatement.Party(text: $0) }
        self.actions = Set(actions.compactMap { KeyAction(rawValue: $0) })
        if let bytes = reader.bytes(6) {
            guard let context = EncryptionContext(encoded: bytes) else { return nil }
            constraint = .equals(context)
        } else if let bytes = reader.bytes(7) {
            guard let context = EncryptionContext(encoded: bytes) else { return nil }
            constraint = .includes(context)
        } else {
            constraint = nil
        }
        self.issuer = issuer
        self.createdAt = createdAt
        self.granteeText = granteeText
        self.retiringText = retiringText
        guard self.actions.count == actions.count else { return nil }
    }

    private static let domain = "hsm-kms/grant/1"
}
