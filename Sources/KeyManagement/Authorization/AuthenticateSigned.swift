internal import Crypto
internal import LibCrypto

/// A request signed with AWS Signature Version 4, reduced to what the signature needs.
package struct SignedRequest: Hashable, Sendable {
    package let accessKey: AccessKeyID
    /// The date of the credential scope: `yyyymmdd`.
    package let date: String
    package let region: Region
    package let service: String
    package let stringToSign: [UInt8]
    /// The signature: 32 bytes.
    package let signature: [UInt8]

    package init(
        accessKey: AccessKeyID, date: String, region: Region, service: String, stringToSign: [UInt8],
        signature: [UInt8]
    ) {
        self.accessKey = accessKey
        self.date = date
        self.region = region
        self.service = service
        self.stringToSign = stringToSign
        self.signature = signature
    }
}

/// The reason why a signed request did not authenticate a subject.
package enum SignedRequestError: Error, Hashable, Sendable {
    /// The access key does not exist, or is not valid now or from that address. The caller is not told which.
    case unknownAccessKey
    case signatureMismatch
    /// The access key's account has no project in the region.
    case unknownRegion
    case service(KMSError)
}

extension KeyService {
    /// Authenticates the signer of a request, and determines its project: that of the access key's account in the region of the
    /// signature.
    ///
    /// - Parameters:
    ///   - signed: the request as signed, and its signature.
    ///   - source: the IP address that the request came from.
    ///   - requestID: the id of the request, for the audit log.
    ///   - approval: the approval that the request names; `nil` if it names none.
    ///   - isRecorded: true if a failed authentication is written into the audit log.
    package func authenticate(
        _ signed: SignedRequest, source: String?, requestID: String, approval: String? = nil, isRecorded: Bool = true
    ) async throws(SignedRequestError) -> Caller {
        do throws(SignedRequestError) {
            let record = try await genuine(signed, from: source)
            let location = ProjectLocation(account: record.account, region: signed.region)
            let profile = try await known { () async throws(KMSError) -> Profile? in
                try await records.profile(of: record.subject)
            }
            guard let profile else { throw .unknownAccessKey }
            let project = try await known { () async throws(KMSError) -> ProjectID? in
                try await self.project(at: location)
            }
            guard let project else { throw .unknownRegion }
            let principal = Principal(
                profile: profile.restricted(to: project), authentication: "access-key:\(record.id)", source: source,
                requestID: requestID, approval: try Self.approval(approval))
            return Caller(principal, in: project)
        } catch {
            if isRecorded || !error.isCommon {
                try await known { () throws(KMSError) in
                    try await recordFailure(error, of: signed, from: source, requestID)
                }
            }
            throw error
        }
    }

    /// Returns the access key with whose secret the request was signed.
    private func genuine(
        _ signed: SignedRequest, from source: String?
    ) async throws(SignedRequestError) -> AccessKeyRecord {
        let record = try await known { () throws(KMSError) in
            try await records.directoryRecord(AccessKeyRecord.self, signed.accessKey.text)
        }
        guard let record, let secret = record.signingKey, record.isGood(at: clock.now, from: source) else {
            // Do as much work as for a signature, so that the time does not reveal which keys exist.
            _ = Self.isSigned(signed, by: Self.nobodysKey)
            throw .unknownAccessKey
        }
        let key = try await known { () throws(KMSError) in try await signingKey(of: record, secret, for: signed) }
        guard Self.isSigned(signed, by: key) else { throw .signatureMismatch }
        return record
    }

    private func signingKey(
        of record: AccessKeyRecord, _ secret: VersionKey, for signed: SignedRequest
    ) async throws(KMSError) -> SymmetricKey {
        let name = SigningKeys.Name(
            accessKey: record.id, revision: record.revision, date: signed.date, region: signed.region,
            service: signed.service)
        return try await signingKeys.key(name, from: secret, at: clock.now)
    }

    private static let nobodysKey = SymmetricKey(size: .bits256)

    private static func isSigned(_ signed: SignedRequest, by key: SymmetricKey) -> Bool {
        let code = HMAC<SHA256>.authenticationCode(for: signed.stringToSign, using: key)
        return ConstantTime.isEqual(Array(code), signed.signature)
    }

    private static func approval(_ text: String?) throws(SignedRequestError) -> ApprovalID? {
        guard let text else { return nil }
        guard let id = ApprovalID(text) else {
            throw .service(.invalidRequest("the approval is not named by an id; 'kms approval list' shows the ids"))
        }
        return id
    }

    private func known<Result>(
        _ body: () async throws(KMSError) -> Result
    ) async throws(SignedRequestError) -> Result {
        do throws(KMSError) {
            return try await body()
        } catch {
            throw .service(error)
        }
    }

    private func recordFailure(
        _ error: SignedRequestError, of signed: SignedRequest, from source: String?, _ requestID: String
    ) async throws(KMSError) {
        var entry = AuditEntry(
            time: clock.now, requestID: requestID, subject: nil, verb: Verb.authenticate.rawValue, outcome: .denied,
            code: error.code.rawValue, reason: error.reason)
        entry.source = source
        entry.details = ["accessKey": signed.accessKey.text, "region": signed.region.text]
        try await append(entry)
    }
}

extension SignedRequestError {
    /// True if any client can trigger the failure, at any rate.
    fileprivate var isCommon: Bool { code == .unauthenticated || code == .busy }

    fileprivate var code: FailureCode {
        switch self {
        case .unknownAccessKey, .signatureMismatch: .unauthenticated
        case .unknownRegion: .accessDenied
        case .service(let error): error.code
        }
    }

    fileprivate var reason: String {
        switch self {
        case .unknownAccessKey: "no valid access key"
        case .signatureMismatch: "the signature is not the access key's"
        case .unknownRegion: "the access key's account has no project in this region"
        case .service: "no valid access key"
        }
    }
}
