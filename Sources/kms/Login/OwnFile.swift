import Glibc

/// The properties of an open file that decide whether it may hold a credential.
struct OwnFile {
    let isRegular: Bool
    /// True if the file belongs to this user, or to root.
    let isOwn: Bool
    /// True if other users can neither read nor change the file.
    let isPrivate: Bool

    /// Reads the properties; nil if the system does not tell them.
    init?(_ descriptor: Int32) {
        var status = Glibc.stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        isOwn = status.st_uid == geteuid() || status.st_uid == 0
        isPrivate = status.st_mode & 0o077 == 0
    }
}
