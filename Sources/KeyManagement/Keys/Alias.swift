/// A second name of a key, which can be moved from key to key in one step. Names and aliases of a project never collide.
///
/// It is sealed, because an alias decides with which key its users encrypt.
package struct AliasRecord: Hashable, Sendable, Sealable {
    package let project: ProjectID
    package let name: KeyName
    package let key: KeyID
    /// The revision: 1 for a new alias, and one more with each move.
    package let revision: UInt64
    package let changedAt: Timestamp
    /// The time of creation; `nil` for aliases from versions that did not record it.
    package let createdAt: Timestamp?

    package init(
        project: ProjectID, name: KeyName, key: KeyID, revision: UInt64, changedAt: Timestamp,
        createdAt: Timestamp? = nil
    ) {
        self.project = project
        self.name = name
        self.key = key
        self.revision = revision
        self.changedAt = changedAt
        self.createdAt = createdAt
    }

    package var sealedName: String { "the alias \(name)" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/alias/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, project.text)
        encoding.append(2, name.text)
        encoding.append(3, key.bytes)
        encoding.append(4, revision)
        encoding.append(5, changedAt.milliseconds)
        if let createdAt { encoding.append(6, createdAt.milliseconds) }
        return encoding.bytes
    }
}
