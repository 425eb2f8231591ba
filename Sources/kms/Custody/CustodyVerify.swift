import ArgumentParser
import AuditFiles
import KeyManagement
import LibCrypto

struct CustodyVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a report, certificate or transcript offline.",
        discussion: """
            Requires only the files and the public audit key from the ceremony ('kms audit public-key'). Verifies the signature over every \
            byte, that the document is consistent, the token and epoch that you name, and that the readable forms beside it, FILE.html and \
            FILE.txt, say the same. With --backup, each wrapped key of the epoch in a backup must be on the certificate. Exit code 11 if a \
            check fails.

            Example: kms custody verify custody.json --audit-key audit.pem
            """)

    @Argument(help: "The document; its signature is FILE.sig.")
    var file: String

    @Option(help: "The file with the public audit key, PEM.")
    var auditKey: String

    @Option(help: "The serial number that the token must have.")
    var serial: String?

    @Option(help: "The epoch that a certificate must certify.")
    var epoch: UInt32?

    @Option(help: "A backup whose wrapped keys under the epoch must all be on the certificate.")
    var backup: String?

    @OptionGroup var output: OutputOptions

    private struct Verdict: Encodable {
        let valid = true
        /// report, certificate or transcript.
        let document: String
        let token: String
        let serialNumber: String
        let findings: [String]?
    }

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
            let verified = try Self.validating { () throws(KMSError) in try signed.verified(expected) }
            try CustodyRendering.check(
                PaperSource(path: file, content: signed.content, signature: signed.signature), at: file)
            switch verified {
            case .report(let report): try show(report, signed.auditKey)
            case .certificate(let certificate): try show(certificate)
            case .transcript(let transcript):
                try show(
                    "transcript", transcript.token.label, transcript.token.serialNumber,
                    "genuine transcript of \(transcript.isRehearsal ? "a rehearsal of " : "")'\(transcript.ceremony)' with token "
                        + "'\(transcript.token.label)' (serial \(transcript.token.serialNumber)): \(transcript.steps.count) steps\n"
                )
            }
        }
    }

    /// A document that does not verify is no bad input: the exit code tells them apart.
    private static func validating<Result>(_ body: () throws(KMSError) -> Result) throws(Failure) -> Result {
        do throws(KMSError) {
            return try body()
        } catch {
            throw Failure(.invalid, error.logDetail)
        }
    }

    private func show(
        _ document: String, _ token: String, _ serialNumber: String, _ text: String, findings: [String]? = nil
    ) throws {
        try output.show(
            Verdict(document: document, token: token, serialNumber: serialNumber, findings: findings),
            as: DisplayText.safeLines(text))
    }

    private func show(_ report: CustodyReport, _ auditKey: PublicKeyInfo) throws {
        guard backup == nil else { throw Failure(.input, "--backup requires a certificate, and \(file) is a report") }
        try check(report.checkpoints, auditKey)
        let findings = report.findings.map { "  \(DisplayText.safe($0))\n" }.joined()
        try show(
            "report", report.token.label, report.token.serialNumber,
            "genuine report of \(report.madeAt) about token '\(report.token.label)' (serial \(report.token.serialNumber)): "
                + "\(report.versionsExamined) versions, \(report.findings.count) findings\n" + findings,
            findings: report.findings)
    }

    /// Checks that each checkpoint is signed by the key and that they are in order.
    private func check(_ checkpoints: [String], _ auditKey: PublicKeyInfo) throws(Failure) {
        var last: UInt64 = 0
        for text in checkpoints {
            guard let checkpoint = AuditCheckpoint(text: text), checkpoint.isSigned(by: auditKey),
                checkpoint.line.number > last
            else { throw Failure(.invalid, "a checkpoint of the audit log in the report is not genuine: \(text)") }
            last = checkpoint.line.number
        }
    }

    private func show(_ certificate: DestructionCertificate) throws {
        if let backup {
            let missing = try BackupBlobs(folder: backup).missing(in: certificate)
            guard missing.isEmpty else {
                throw Failure(
                    .invalid,
                    "\(missing.count) wrapped keys of \(backup) are not on the certificate, \(missing[0]) first"
                )
            }
        }
        try show(
            "certificate", certificate.token.label, certificate.token.serialNumber,
            "genuine certificate: root epoch \(certificate.destroyed.epoch) of token '\(certificate.token.label)' (serial "
                + "\(certificate.token.serialNumber)) was destroyed at \(certificate.destroyed.destroyedAt); "
                + "\(certificate.unreadable.count) wrapped keys are unreadable\n")
    }
}
