import ArgumentParser
import AuditFiles
import FoundationEssentials
import KMSClient
import KeyManagement
import LibCrypto

struct CustodyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "custody", abstract: "Prove where keys are, and check what was proved.",
        discussion: """
            Example: kms custody report --out custody.json
            Example: kms custody verify custody.json --audit-key audit.pem
            Example: kms custody verify epoch-1.json --audit-key audit.pem --epoch 1
            """,
        subcommands: [CustodyReportCommand.self, CustodyShow.self, CustodyVerify.self])
}

struct CustodyReportCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Have the service ask the token about each key, and sign what came of it.",
        discussion: """
            Writes FILE (JSON), FILE.sig (its signature by the audit key), and beside them FILE.html and FILE.txt, which are made from the \
            JSON alone: 'kms custody verify' makes them again and compares. It takes the token some 20 calls for each version; raise \
            --timeout where there are many. Exit code 3 when something is not as it has to be.
            """)

    @Option(help: "Write it to this new file.")
    var out: String

    @OptionGroup var options: PlatformOptions

    func check() throws {
        try SignedFiles(path: out).requireFree()
        for rendering in CustodyRendering.allCases { try PrivateFile.requireFree(rendering.path(of: out)) }
    }

    func request() -> KMSRequest<SignedDocumentAnswer> { KMSRequest(.post, "/api/v1/custody/report") }

    func show(_ answer: SignedDocumentAnswer) throws {
        try SignedFiles(path: out).write(answer)
        let report = try CustodyReport(json: try SignedFiles.bytes(out))
        for rendering in CustodyRendering.allCases {
            try SignedFiles.write(Array(rendering.text(of: report).utf8), to: rendering.path(of: out))
        }
        try StandardOutput.write(
            "\(report.keys.count) keys, \(report.versionsExamined) versions and \(report.rootKeys.count) root keys examined, "
                + "\(report.findings.count) findings; written to \(out)\n")
        guard report.findings.isEmpty else { throw Failure(.token, report.findings.prefix(5).joined(separator: "; ")) }
    }
}

struct CustodyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a report as text or as a page that prints well. It checks nothing.")

    @Argument(help: "The report, JSON.")
    var file: String

    @Flag(help: "HTML instead of text.")
    var html = false

    func run() async throws {
        try await reporting {
            let report = try CustodyReport(json: try SignedFiles.bytes(file))
            try StandardOutput.write((html ? CustodyRendering.html : .text).text(of: report))
        }
    }
}

struct CustodyVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a custody report, a certificate of destruction or a ceremony's transcript, offline.",
        discussion: """
            Takes files and the public half of the audit key, which you have from the ceremony ('kms audit public-key'), and neither a token nor \
            a service. Checks the signature over every byte, that the document is whole in itself, and what you say that it has to be \
            about. With --backup, that each wrapped key of that epoch in a backup is on the certificate. Exit code 9 when something is \
            wrong.
            """)

    @Argument(help: "The document; its signature is beside it as FILE.sig.")
    var file: String

    @Option(help: "The file with the audit key, in PEM.")
    var auditKey: String

    @Option(help: "The serial number of the token that it has to be about.")
    var serial: String?

    @Option(help: "The epoch that a certificate has to be about.")
    var epoch: UInt32?

    @Option(help: "A backup, all of whose wrapped keys under the epoch have to be on the certificate.")
    var backup: String?

    func run() async throws {
        try await reporting {
            let key: PublicKey
            do {
                key = try PublicKey(pem: InputText.read(try SignedFiles.bytes(auditKey), of: auditKey))
            } catch let error as LibCryptoError {
                throw Failure(.configuration, "\(auditKey) has no public key in PEM: \(error)")
            }
            let signed = try SignedFiles(path: file).read(trusting: PublicKeyInfo(der: key.der))
            let expected = CustodyExpectation(serialNumber: serial, epoch: epoch.flatMap { RootEpoch($0) })
            let verified = try signed.verified(expected)
            switch verified {
            case .report(let report): try show(report, signed.auditKey)
            case .certificate(let certificate): try show(certificate)
            case .transcript(let transcript):
                try StandardOutput.write(
                    "genuine transcript of \(transcript.isRehearsal ? "a rehearsal of " : "")'\(transcript.ceremony)' with token "
                        + "'\(transcript.token.label)' (serial \(transcript.token.serialNumber)): \(transcript.steps.count) steps\n"
                )
            }
        }
    }

    private func show(_ report: CustodyReport, _ auditKey: PublicKeyInfo) throws {
        guard backup == nil else { throw Failure(.input, "--backup goes with a certificate, and \(file) is a report") }
        try check(report.checkpoints, auditKey)
        for rendering in CustodyRendering.allCases {
            let path = rendering.path(of: file)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard try SignedFiles.bytes(path) == Array(rendering.text(of: report).utf8) else {
                throw Failure(.input, "\(path) does not say what \(file) says")
            }
        }
        try StandardOutput.write(
            "genuine report of \(report.madeAt) about token '\(report.token.label)' (serial \(report.token.serialNumber)): "
                + "\(report.versionsExamined) versions, \(report.findings.count) findings\n")
        for finding in report.findings { try StandardOutput.write("  \(finding)\n") }
    }

    /// Checks that each checkpoint is signed by the key and that they are in order.
    private func check(_ checkpoints: [String], _ auditKey: PublicKeyInfo) throws(Failure) {
        var last: UInt64 = 0
        for text in checkpoints {
            guard let checkpoint = AuditCheckpoint(text: text), checkpoint.isSigned(by: auditKey),
                checkpoint.line.number > last
            else { throw Failure(.input, "a checkpoint of the audit log in the report is not genuine: \(text)") }
            last = checkpoint.line.number
        }
    }

    private func show(_ certificate: DestructionCertificate) throws {
        if let backup {
            let missing = try BackupBlobs(folder: backup).missing(in: certificate)
            guard missing.isEmpty else {
                throw Failure(
                    .input, "\(missing.count) wrapped keys of \(backup) are not on the certificate, \(missing[0]) first"
                )
            }
        }
        try StandardOutput.write(
            "genuine certificate: root epoch \(certificate.destroyed.epoch) of token '\(certificate.token.label)' (serial "
                + "\(certificate.token.serialNumber)) was destroyed at \(certificate.destroyed.destroyedAt); "
                + "\(certificate.unreadable.count) wrapped keys are unreadable\n")
    }
}
