import Glibc
import SystemPackage

/// The properties of an open file that decide whether it may hold a credential.
struct OwnFile {
    let isRegular: Bool
    /// True if the file belongs to this user, or to root.
    let isOwn: Bool
    /// True if other users can neither read nor change the file.
    let isPrivate: Bool

    /// True if other users can change the file.
    let isWritableByOthers: Bool

    /// Reads the properties; nil if the system does not tell them.
    init?(_ descriptor: Int32) {
        guard let status = try? Stat(FileDescriptor(rawValue: descriptor)) else { return nil }
        isRegular = status.type == .regular
        isOwn = status.userID.rawValue == geteuid() || status.userID.rawValue == 0
        isWritableByOthers = !status.permissions.isDisjoint(with: [.groupWrite, .otherWrite])
        isPrivate = status.permissions.isDisjoint(with: [.groupReadWriteExecute, .otherReadWriteExecute])
    }
}
