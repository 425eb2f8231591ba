internal import FoundationEssentials
internal import Glibc

/// The token folder of the real SoftHSM for this test process, removed when the process ends.
///
/// A process has one instance of the library, which reads its configuration once, when it is initialised. So all suites of a
/// process share the folder, and each creates tokens of its own in it.
package enum SoftHSMFolder {
    /// The path of the library on Debian.
    package static let modulePath = "/usr/lib/softhsm/libsofthsm2.so"

    /// The path of the folder. The first use creates it and points `SOFTHSM2_CONF` to it; use it before anything loads the
    /// library.
    package static let path: String = {
        let path = "\(FileManager.default.temporaryDirectory.path)/hsm-kms-tests-\(getpid())"
        make(path)
        setenv("SOFTHSM2_CONF", "\(path)/softhsm2.conf", 1)
        atexit { try? FileManager.default.removeItem(atPath: SoftHSMFolder.path) }
        return path
    }()

    /// Creates a token folder with its configuration `softhsm2.conf`, for a process that a test starts.
    package static func make(_ path: String) {
        do {
            try FileManager.default.createDirectory(
                atPath: "\(path)/tokens", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let configuration = "directories.tokendir = \(path)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
            try Data(configuration.utf8).write(to: URL(filePath: "\(path)/softhsm2.conf"))
        } catch {
            preconditionFailure("no folder for SoftHSM's tokens: \(error)")
        }
    }
}
