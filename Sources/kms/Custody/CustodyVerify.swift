import ArgumentParser
import AuditFiles
import KeyManagement
import LibCrypto

struct CustodyVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a report, certificate or transcript offline.",
        discussion: """
            Needs the files and the public half of the audit key, which you have from the ceremony ('kms audit public-key'), but neither a \
            token nor a service. It checks the signature over every byte, that the document is consistent, and the token and epoch that \
            you name. The readable forms beside the document, FILE.html and FILE.txt, must say what it says. With --backup, each wrapped \
            key of the epoch in a backup must be on the certificate. Exit code 9 if a check fails.

            Example: kms custody verify custody.json --audit-key audit.pem
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
            try CustodyRendering.check(
                PaperSource(path: file, content: signed.content, signature: signed.signature), at: file)
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
