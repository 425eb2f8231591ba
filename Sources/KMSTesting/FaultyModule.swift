internal import Foundation

/// The module that misbehaves on command (`libpkcs11-faulty.so`, see FaultyPKCS11), as a process of a test finds it.
public struct FaultyModule: Sendable {
    /// The library, beside the test bundle.
    public static let path: String = {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "libpkcs11-faulty.so").path
    }()

    /// The control file.
    public let control: String
    /// How often each slot with a token is shown besides itself.
    public let mirrors: Int

    /// - Parameter folder: where the control file is to be; it is not there at first, so the module only forwards.
    public init(in folder: String, mirrors: Int = 0) {
        control = "\(folder)/faults-\(UUID().uuidString)"
        self.mirrors = mirrors
    }

    /// What a process that loads the library has to find in its environment.
    public var environment: [String: String] {
        [
            "FAULTY_PKCS11_MODULE": SoftHSMFolder.modulePath, "FAULTY_PKCS11_CONTROL": control,
            "FAULTY_PKCS11_MIRRORS": "\(mirrors)",
        ]
    }

    /// Has the module do what these lines say from its next call on, and nothing of what it was told before.
    public func set(_ rules: String...) throws {
        // A new file in the old one's place: never half of it.
        try Data((rules.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: control), options: .atomic)
    }

    /// Has the module only forward.
    public func clear() throws { try set("# nothing") }

    /// What was done since the last ``forgetFired()``: a function and an action each, such as `C_Sign return`.
    public var fired: [String] {
        let text = (try? String(contentsOfFile: control + ".fired", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    public func forgetFired() { try? FileManager.default.removeItem(atPath: control + ".fired") }
}
