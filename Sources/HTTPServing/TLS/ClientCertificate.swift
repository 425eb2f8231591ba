import Crypto
import Encodings
import FoundationEssentials
import KeyManagement
import SwiftASN1
import X509

/// A client's certificate whose chain has been verified.
struct ClientCertificate {
    private let certificate: Certificate
    private let fingerprint: String

    /// Parses a certificate.
    ///
    /// - Throws: if the bytes are not a certificate in DER.
    init(der: [UInt8]) throws {
        certificate = try Certificate(derEncoded: der)
        fingerprint = Hexadecimal.text(Array(SHA256.hash(data: der)))
    }

    /// Returns the identity that the certificate names, valid until it expires. Returns nil if it names no possible subject of the
    /// directory, or several, because choosing one would be a guess.
    func identity(by source: TLSSettings.SubjectSource, prefix: String) -> ExternalIdentity? {
        let names = self.names(source)
        guard names.count == 1, let name = names.first, let subject = try? SubjectID(prefix + name) else { return nil }
        return ExternalIdentity(
            subject: subject, authentication: "certificate:\(fingerprint)",
            expiresAt: Timestamp(milliseconds: Int64(certificate.notValidAfter.timeIntervalSince1970 * 1000)))
    }

    private func names(_ source: TLSSettings.SubjectSource) -> [String] {
        guard source != .commonName else {
            return certificate.subject.flatMap { Array($0) }
                .filter { $0.type == .RDNAttributeType.commonName }
                .map { String($0.value) ?? "" }
        }
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch (name, source) {
            case (.rfc822Name(let text), .sanEmail), (.uniformResourceIdentifier(let text), .sanURI),
                (.dnsName(let text), .sanDNS):
                text
            default: nil
            }
        }
    }
}
