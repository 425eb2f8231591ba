import Encodings

/// The properties that a verifier expects of a document.
package struct CustodyExpectation: Sendable {
    package var serialNumber: String?
    package var epoch: RootEpoch?

    package init(serialNumber: String? = nil, epoch: RootEpoch? = nil) {
        self.serialNumber = serialNumber
        self.epoch = epoch
    }
}

/// A document whose signature was verified.
package enum VerifiedDocument: Sendable {
    case report(CustodyReport)
    case certificate(DestructionCertificate)
    case transcript(CeremonyTranscript)
}

extension SignedDocument {
    /// Verifies the document with the audit key that was read with it, and compares it with the expectations. It needs no token
    /// and no store.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``, which states the defect.
    package func verified(_ expected: CustodyExpectation) throws(KMSError) -> VerifiedDocument {
        guard isGenuine else {
            throw .invalidRequest(
                "the signature is not one by this audit key over this document: one of the three was changed, or it is of another token"
            )
        }
        if let report = try? CustodyReport(json: content) {
            guard expected.epoch == nil else {
                throw .invalidRequest("this is a report, not a certificate of destruction")
            }
            try check(report.auditKeySHA256, report.token, expected)
            try check(report)
            return .report(report)
        }
        if let transcript = try? CeremonyTranscript(json: content) {
            guard expected.epoch == nil else {
                throw .invalidRequest("this is a transcript, not a certificate of destruction")
            }
            try check(transcript.auditKeySHA256, transcript.token, expected)
            return .transcript(transcript)
        }
        let certificate = try DestructionCertificate(json: content)
        try check(certificate.auditKeySHA256, certificate.token, expected)
        if let epoch = expected.epoch, epoch.number != certificate.destroyed.epoch {
            throw .invalidRequest(
                "this certificate is for root epoch \(certificate.destroyed.epoch), and not for \(epoch)")
        }
        try check(certificate)
        return .certificate(certificate)
    }

    private func check(
        _ fingerprint: String, _ token: TokenFacts, _ expected: CustodyExpectation
    ) throws(KMSError) {
        guard fingerprint == auditKey.fingerprint else {
            throw .invalidRequest("the document names another audit key than the one that signed it")
        }
        if let serial = expected.serialNumber, serial != token.serialNumber {
            throw .invalidRequest(
                "this is about the token with serial number \(token.serialNumber), and not \(serial)")
        }
    }

    private func check(_ report: CustodyReport) throws(KMSError) {
        let versions = report.keys.flatMap(\.versions)
        let known = Set(report.profiles.map(\.number))
        guard versions.count(where: { $0.profile != nil }) == report.versionsExamined,
            versions.allSatisfy({ $0.profile.map { known.contains($0) } ?? true })
        else { throw .invalidRequest("the report is not whole: versions and profiles do not fit together") }
    }

    private func check(_ certificate: DestructionCertificate) throws(KMSError) {
        var digests: [[UInt8]] = []
        for blob in certificate.unreadable {
            guard let digest = Hexadecimal.bytes(blob.sha256), digest.count == 32 else {
                throw .invalidRequest("'\(blob.sha256)' on the certificate is not a SHA-256")
            }
            digests.append(digest)
        }
        guard DestructionCertificate.digest(of: digests) == certificate.unreadableSHA256 else {
            throw .invalidRequest("the certificate is not whole: its list does not have the digest that it names")
        }
        guard !certificate.epochsInToken.contains(certificate.destroyed.epoch) else {
            throw .invalidRequest("the certificate says that the token still has the epoch")
        }
    }
}
