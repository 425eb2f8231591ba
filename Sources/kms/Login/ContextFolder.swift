import FoundationEssentials
import Glibc
import ThreadExecutor

/// The folder of the command line's own files, `~/.config/kms`: mode 0700, its files 0600, each replaced as a whole.
struct ContextFolder {
    let path: String

    /// The folder of this user; nil if neither `XDG_CONFIG_HOME` nor `HOME` is an absolute path.
    static var ofUser: ContextFolder? {
        let environment = ProcessInfo.processInfo.environment
        // The XDG Base Directory Specification ignores relative paths.
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
            return ContextFolder(path: "\(folder)/kms")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return ContextFolder(path: "\(home)/.config/kms")
    }

    /// Returns the folder, or throws a ``Failure`` if there can be none.
    static func required() throws(Failure) -> ContextFolder {
        guard let folder = ofUser else {
            throw Failure(.configuration, "there is no place for contexts; set HOME or XDG_CONFIG_HOME")
        }
        return folder
    }

    /// Returns the content of a file; nil if there is none.
    ///
    /// - Throws: a ``Failure`` if the file belongs to another user, or if other users can read a secret.
    func read(_ name: String, isSecret: Bool) throws(Failure) -> Data? {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Failure(.configuration, "\(Failure.unreadable(file))")
        }
        defer { close(descriptor) }
        guard let properties = OwnFile(descriptor), properties.isRegular else {
            throw Failure(.configuration, "\(file) is not a regular file; move it away and log in again")
        }
        guard properties.isOwn else {
            throw Failure(.configuration, "\(file) belongs to another user; move it away and log in again")
        }
        guard !properties.isWritableByOthers else {
            throw Failure(
                .configuration,
                "other users can change \(file), and with it the address that gets the token; check it, and run 'chmod 600 \(file)'"
            )
        }
        guard !isSecret || properties.isPrivate else {
            throw Failure(
                .configuration,
                "other users can read or change \(file); run 'chmod 600 \(file)', and log in again if they may have")
        }
        return Data(try InputFile.read(descriptor, of: file, atMost: 1 << 20, "file of a context"))
    }

    /// Writes a file, and makes the folders that it needs.
    func write(_ bytes: Data, to name: String) throws(Failure) {
        try makeFolders(for: name)
        let file = try NewFile("\(path)/\(name)", mode: 0o600, isReplacing: true)
        var rest = bytes[...]
        while !rest.isEmpty {
            // The bytes outlive the call.
            let count = rest.withUnsafeBytes { Glibc.write(file.descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(file.path) }
            rest = rest.dropFirst(count)
        }
        try file.publish()
    }

    /// Removes a file; does nothing if there is none.
    func remove(_ name: String) throws(Failure) {
        guard unlink("\(path)/\(name)") == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw Failure(.configuration, "\(path)/\(name) cannot be removed: \(SystemCause.text(errno))")
        }
    }

    /// Returns the names of the files in a folder below this one; none if there is no such folder.
    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
    }

    /// Runs `body` while no other command of this user changes the file `name`.
    func locked<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
        try makeFolders(for: name)
        let descriptor = open("\(path)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Failure.unwritable("\(path)/\(name)") }
        // Closing the file releases the lock.
        defer { close(descriptor) }
        let locked = await onOwnThread("context-lock") { lockf(descriptor, F_LOCK, 0) }
        guard locked == 0 else {
            throw Failure(.configuration, "\(path)/\(name) cannot be locked: another command may be stuck")
        }
        return try await body()
    }

    private func makeFolders(for name: String) throws(Failure) {
        let file = "\(path)/\(name)"
        var folders: [String] = []
        var folder = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
        while !folder.isEmpty, !FileManager.default.fileExists(atPath: String(folder)) {
            folders.append(String(folder))
            folder = folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.startIndex)
        }
        for folder in folders.reversed() where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw Failure(.configuration, "the folder \(folder) cannot be made: \(SystemCause.text(errno))")
        }
    }
}
