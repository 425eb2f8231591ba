internal import Foundation

/// The module that misbehaves on command (`libpkcs11-faulty.so`, see FaultyPKCS11), as a test process uses it.
package struct FaultyModule: Sendable {
    /// The path of the library, next to the test bundle.
    package static let path: String = {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "libpkcs11-faulty.so").path
    }()

    /// The path of the control file.
    package let control: String
    /// The number of additional copies of each slot with a token.
    package let mirrors: Int

    /// Creates a module with a control file of its own.
    ///
    /// - Parameters:
    ///   - folder: the folder of the control file. The file does not exist at first, so the module only forwards calls.
    ///   - mirrors: the number of additional copies of each slot with a token.
    package init(in folder: String, mirrors: Int = 0) {
        control = "\(folder)/faults-\(UUID().uuidString)"
        self.mirrors = mirrors
    }

    /// The environment that a process which loads the library needs.
    package var environment: [String: String] {
        [
            "FAULTY_PKCS11_MODULE": SoftHSMFolder.modulePath, "FAULTY_PKCS11_CONTROL": control,
            "FAULTY_PKCS11_MIRRORS": "\(mirrors)",
        ]
    }

    /// Makes the module follow these rules, starting with its next call. They replace all earlier rules.
    package func set(_ rules: String...) throws {
        // The new file replaces the old one atomically, so that the module never reads half of it.
        try Data((rules.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: control), options: .atomic)
    }

    /// Makes the module only forward calls.
    package func clear() throws { try set("# nothing") }

    /// The faults since the last ``forgetFired()``: a function and an action each, such as `C_Sign return`.
    package var fired: [String] {
        let text = (try? String(contentsOfFile: control + ".fired", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    package func forgetFired() { try? FileManager.default.removeItem(atPath: control + ".fired") }
}
