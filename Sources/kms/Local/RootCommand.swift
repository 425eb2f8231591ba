import ArgumentParser
import TokenPKCS11

struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "root", abstract: "The life of root keys: make, show, rotate, retire.",
        discussion: """
            init and show work on the token of this machine. list, rotate, retire and certificate ask the running service, as a platform \
            administrator.
            """,
        subcommands: [
            RootInit.self, RootShow.self, RootList.self, RootRotate.self, RootRetire.self, RootCertificate.self,
        ])
}

struct RootInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the root keys of epoch 1 in the token.",
        discussion: """
            Two keys: kms-root-wrap-1 (AES-256, wraps and unwraps only) and kms-root-mac-1 (HMAC-SHA256, signs and verifies \
            only). They are made in the token, cannot be read, copied, changed or taken out, and exist once: when there are \
            root keys already, nothing is done. With them comes kms-audit-1 (EC P-256, signs audit checkpoints only), if the token \
            can do that; 'kms audit init' makes it later.
            """)

    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try await TokenAdministration.makeRoots(Configuration.uri(try options.settings()))
            try StandardOutput.write("made in \(report.token):\n\n" + report.text)
            if report.auditKey == nil {
                StandardError.write(
                    "kms: the token does not do ECDSA on P-256, so there is no audit key: audit chains have no checkpoints\n"
                )
            }
        }
    }
}

struct RootShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what the token says of its root keys, and whether that keeps the rule.")

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try await TokenAdministration.roots(Configuration.uri(try options.settings()))
            if output.json {
                try JSONText.write(RootJSON(report))
            } else {
                try StandardOutput.write("\(report.token)\n\n" + report.text)
            }
            guard report.keepsTheRule else {
                throw Failure(.token, "a root key or the audit key breaks the rule; the service will not serve with it")
            }
        }
    }
}

extension RootReport {
    /// The attributes of each root key and of the audit key, one per line.
    fileprivate var text: String {
        var lines: [String] = []
        for key in keys {
            lines += Self.lines(key.label, key.attributes)
        }
        if let auditKey { lines += Self.lines(Self.auditKeyLabel, auditKey) }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension RootReport {
    private static func lines(_ label: String, _ attributes: [Attribute]) -> [String] {
        let isGood = attributes.allSatisfy(\.isAsRequired)
        return [label + (isGood ? "" : "   BREAKS THE RULE")]
            + attributes.map { attribute in
                let value = attribute.value.map { $0 ? "true" : "false" } ?? "unknown"
                return "  " + attribute.name.padded(to: 24) + value
                    + (attribute.isAsRequired ? "" : "   BREAKS THE RULE")
            }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}

private struct RootJSON: Encodable {
    struct Key: Encodable {
        let label: String
        let epoch: UInt32
        let purpose: String
        let keepsTheRule: Bool
        let attributes: [String: Bool?]
    }

    let token: String
    let keys: [Key]
    let auditKey: [String: Bool?]?

    init(_ report: RootReport) {
        token = report.token
        auditKey = report.auditKey.map { Dictionary($0.map { ($0.name, $0.value) }) { first, _ in first } }
        keys = report.keys.map { key in
            Key(
                label: key.label, epoch: key.epoch, purpose: key.purpose.rawValue, keepsTheRule: key.keepsTheRule,
                attributes: Dictionary(key.attributes.map { ($0.name, $0.value) }) { first, _ in first })
        }
    }
}
