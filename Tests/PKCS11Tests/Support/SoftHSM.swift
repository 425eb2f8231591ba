import Foundation
import Glibc
import PKCS11

/// The real SoftHSM, with a token directory of its own that lives as long as the test process.
///
/// A process has one instance of the library, and the library reads its configuration once. So all suites share the module, and
/// each has a token of its own.
enum SoftHSM {
    static let path = "/usr/lib/softhsm/libsofthsm2.so"

    static let module: Module = required {
        let tokens = directory.appendingPathComponent("tokens")
        let configuration = directory.appendingPathComponent("softhsm2.conf")
        try FileManager.default.createDirectory(at: tokens, withIntermediateDirectories: true)
        try "directories.tokendir = \(tokens.path)\nlog.level = ERROR\n"
            .write(to: configuration, atomically: true, encoding: .utf8)
        setenv("SOFTHSM2_CONF", configuration.path, 1)
        let module = try Module.load(path: path)
        // Registered after loading, so it runs before the library's own handlers.
        atexit {
            SoftHSM.module.finalize()
            try? FileManager.default.removeItem(at: SoftHSM.directory)
        }
        return module
    }

    private static let directory =
        FileManager.default.temporaryDirectory.appendingPathComponent("pkcs11-tests-\(getpid())")

    /// Runs `body`, and fails the run if it throws: without SoftHSM the tests must not be skipped.
    static func required<Result: ~Copyable>(_ body: () throws -> Result) -> Result {
        do {
            return try body()
        } catch {
            fatalError("the tests need SoftHSM 2 at \(path): \(error)")
        }
    }
}
