import ArgumentParser
import TokenPKCS11

struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "root", abstract: "Create, show, rotate and retire root keys.",
        discussion: """
            init and show use the token of this machine. list, rotate, retire and certificate call the running service and require the \
            platform administrator role.
            """,
        subcommands: [
            RootInit.self, RootShow.self, RootList.self, RootRotate.self, RootRetire.self, RootCertificate.self,
        ])
}

struct RootInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the root keys of epoch 1 in the token.",
        discussion: """
            Creates kms-root-wrap-1 (AES-256, wrap and unwrap only) and kms-root-mac-1 (HMAC-SHA256, sign and verify only). They are \
            generated in the token and cannot be read, copied, changed or exported. Fails if the token has root keys. Also creates \
            kms-audit-1 (EC P-256, signs audit checkpoints only) if the token supports it; 'kms audit init' creates it later.

            Example: kms root init --config /etc/kms/kms.yaml
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try await TokenAdministration.makeRoots(Configuration.uri(try options.settings()))
            try output.show(RootJSON(report), as: "Created in \(report.token):\n\n" + report.text)
            if report.auditKey == nil {
                StandardError.write(
                    "kms: warning: the token does not support ECDSA on P-256. Without an audit key, the audit log has no checkpoints\n"
                )
            }
        }
    }
}

struct RootShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the root keys' attributes, and check them.",
        discussion: """
            Reads the attributes from the token. Exit code 3 if a key breaks a rule.

            Example: kms root show --json
            """)

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
