/// The state of a version. What each allows and where it leads stands in ``StateTable``.
public enum VersionState: String, Sendable, CaseIterable {
    case active
    case deactivated
    case pendingDestruction
    case destroyed
}

/// The state of a key as a whole. It follows from the key's versions and is never stored.
public enum KeyState: String, Sendable, CaseIterable {
    /// No version yet, so no cryptography.
    case preActivation
    /// One version is active: the default one.
    case active
    /// There are versions; none is active, and not all are destroyed.
    case deactivated
    /// All versions are destroyed.
    case destroyed
}
