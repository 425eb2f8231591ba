import Foundation

@testable import PKCS11
@testable import kms

extension FuzzTarget {
    static let settingTargets = [yaml, uri]

    /// The configuration file, and each value in it.
    private static let yaml = FuzzTarget("yaml", maxLength: 16384, samples: { [yamlSample] }) {
        (bytes) throws(BrokenProperty) in
        guard let file = try? YAMLFile("kms.yaml", bytes: bytes) else { return }
        var flags: [Setting: String] = [:]
        for value in file.values {
            guard case .single(let text) = value.content, let setting = Setting(rawValue: value.path) else { continue }
            flags[setting] = text
        }
        // No file of the machine is read.
        guard !flags.isEmpty, let settings = try? Settings(file: nil, environment: [:], flags: flags) else { return }
        for (setting, text) in flags { try hold(settings[setting]?.text == text, "\(setting) has another value") }
        for setting in Setting.allCases {
            _ = try? settings.number(setting, in: 0...1000)
            _ = try? settings.bool(setting)
            if let duration = try? settings.duration(setting, atMostHours: 24) {
                try hold(duration > .zero && duration <= .seconds(86400), "a duration of \(duration)")
            }
        }
    }

    private static let yamlSample = Array(
        """
        # A comment.
        token:
          uri: "pkcs11:token=kms?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/pin"
          deadline: 5s
        server: {host: 127.0.0.1, port: 8443}
        store:
          path: &path kms.sqlite
        audit:
          dir: *path
        """.utf8)

    /// The URI of a token.
    private static let uri = FuzzTarget("pkcs11-uri", maxLength: 1024, samples: { uriSamples }) {
        (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self), let uri = try? PKCS11URI(text) else { return }
        var expected = uri
        // Never printed.
        expected.pinValue = nil
        let again = try? PKCS11URI(uri.description)
        try hold(again == expected, "it is printed as another one: \(uri)")
    }

    private static let uriSamples = [
        "pkcs11:token=kms;object=a%20b;id=%00%ff;type=private;slot-id=3?module-path=/usr/lib/hsm.so&pin-source=file:/p",
        "PKCS11:library-version=2.40;x-vendor=1?pin-value=1234&x-a=1&x-a=2&x-init-reserved=a", "pkcs11:",
    ].map { Array($0.utf8) }
}
