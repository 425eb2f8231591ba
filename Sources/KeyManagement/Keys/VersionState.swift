/// The state of a version. ``StateTable`` lists what each state allows and where it leads.
package enum VersionState: String, Sendable, CaseIterable {
    case active
    case deactivated
    case pendingDestruction
    case destroyed
}

/// The state of a key as a whole. It follows from the key's versions and is never stored.
package enum KeyState: String, Sendable, CaseIterable {
    /// The key has no version yet, so it does no cryptography.
    case preActivation
    /// One version is active: the default one.
    case active
    /// No version is active, and not all are destroyed.
    case deactivated
    /// All versions are destroyed.
    case destroyed
}
