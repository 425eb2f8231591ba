import KeyManagement

/// The scope `ACCESSKEY/yyyymmdd/region/kms/aws4_request`: the signing key, and the date, region and service that the signature is valid
/// for.
struct CredentialScope {
    let accessKey: Substring
    let date: Substring
    let region: Region

    /// Reads the scope.
    ///
    /// - Throws: `InvalidSignatureException` if it is not valid for this service.
    init(_ credential: Substring) throws(AWSFailure) {
        let parts = credential.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard parts.count == 5 else {
            throw .incompleteSignature(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
                    + "'\(credential)'")
        }
        guard let region = Region(parts[2].utf8) else {
            throw .invalidSignature("Credential should be scoped to a valid region. ")
        }
        guard parts[3] == SignatureV4.service else {
            throw .invalidSignature("Credential should be scoped to correct service: '\(SignatureV4.service)'. ")
        }
        guard parts[4] == SignatureV4.terminator else {
            throw .invalidSignature(
                "Credential should be scoped with a valid terminator: '\(SignatureV4.terminator)', not '\(parts[4])'. ")
        }
        accessKey = parts[0]
        date = parts[1]
        self.region = region
    }

    func check(against time: RequestTime) throws(AWSFailure) {
        let day = time.text.prefix(8)
        guard date == day else {
            throw .invalidSignature(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '\(date)' "
                    + "!= '\(day)', from '\(time.text)'.")
        }
    }

    /// The scope without the access key, as it is signed.
    var text: String { "\(date)/\(region)/\(SignatureV4.service)/\(SignatureV4.terminator)" }
}
