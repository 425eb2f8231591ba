import KeyManagement

extension TokenFacts {
    /// The token in one line.
    var line: String { "token '\(label)', serial number \(serialNumber)" }

    /// The token and its module, as every document states them.
    var paperFacts: [(name: String, value: PaperValue)] {
        [
            ("Token", .name(label)),
            ("Serial number", .code(serialNumber)),
            ("Device", .name("\(manufacturer) \(model), firmware \(firmwareVersion), hardware \(hardwareVersion)")),
            ("Module", .raw(module)),
            ("Module version", .name("\(moduleDescription) \(moduleVersion), PKCS #11 \(cryptokiVersion)")),
            ("SHA-256 of the module", moduleSHA256.map { .hex($0) } ?? .text("not known: the module has no path")),
        ]
    }

    /// The option of `kms custody verify` that expects this token.
    var serialOption: String { " --serial " + ShellWord.quoted(serialNumber) }
}
