import Crypto
import Foundation
import KMSTesting
import KeyManagement
import Logging
import Testing

@testable import AWSKMSAPI

/// Requests that are signed by hand here, and the approvals that they name.
@Suite
struct SignedApprovalTests {
    private let service: KeyService
    private let clock = ManualClock()
    private let place: ProjectLocation
    private let key: IssuedAccessKey
    private let keyID: KeyID
    private let approver: Principal
    private let administrator: Principal

    init() async throws {
        let service = KeyService(
            token: MemoryToken(), store: MemoryKeyStore(), audit: MemoryAuditLog(), clock: clock, recordLease: .zero,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        self.service = service
        let project = try ProjectID("shop")
        place = ProjectLocation(account: try AccountNumber("123456789012"), region: try Region("eu-central-1"))
        let directory = try await service.prepareDirectory(
            [
                FirstSubject(subject: try SubjectID("manager"), role: .manager),
                FirstSubject(subject: try SubjectID("ann"), role: nil, isAdministrator: true),
                FirstSubject(subject: try SubjectID("bob"), role: nil, isAdministrator: true),
            ], of: project, at: place)
        try await service.initializeStore(with: directory)
        func principal(_ index: Int) async throws -> Principal {
            let bearer = directory.tokens[index].withText { String(decoding: $0, as: UTF8.self) }
            return try await service.authenticate(AuthenticationRequest(bearer: bearer)).principal
        }
        administrator = try await principal(1)
        approver = try await principal(2)
        key = try await service.createAccessKey(for: try SubjectID("manager"), by: administrator)
        let manager = Caller(try await principal(0), in: project)
        guard case .changed(let made) = try await service.createKey(CreateKeyRequest(name: nil), by: manager) else {
            throw KMSError.internalFailure("no key")
        }
        keyID = made.key.id
        _ = try await service.setApprovalPolicy(
            for: .destroy, required: 1, approvers: [approver.subject], hours: 1, by: administrator)
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0, radix: 16).leftPadded }.joined()
    }

    private static func mac(_ key: some ContiguousBytes, _ text: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
    }

    /// Sends `ScheduleKeyDeletion`, signed by Signature Version 4 as its documentation specifies.
    ///
    /// - Parameter signed: true if the header `X-Approval` is signed with the others.
    private func scheduleDeletion(
        _ approvals: [String], signed: Bool = true, replacing: [String]? = nil
    ) async -> (status: Int, text: String) {
        let body = #"{"KeyId":"\#(keyID)","PendingWindowInDays":7}"#
        let date = clock.now.basicText
        let day = String(date.prefix(8))
        let scope = "\(day)/\(place.region.text)/kms/aws4_request"
        var headers = [
            ("content-type", "application/x-amz-json-1.1"), ("host", "localhost"),
            ("x-amz-date", date), ("x-amz-target", "TrentService.ScheduleKeyDeletion"),
        ]
        if signed, !approvals.isEmpty { headers.append(("x-approval", approvals.joined(separator: ","))) }
        let names = headers.map(\.0).joined(separator: ";")
        let canonical =
            "POST\n/\n\n" + headers.map { "\($0.0):\($0.1)\n" }.joined() + "\n\(names)\n"
            + Self.hex(SHA256.hash(data: Data(body.utf8)))
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n" + Self.hex(SHA256.hash(data: Data(canonical.utf8)))
        let secret = key.secret.withText { String(decoding: $0, as: UTF8.self) }
        let signingKey = [day, place.region.text, "kms", "aws4_request"].reduce(Data("AWS4\(secret)".utf8)) {
            Self.mac($0, $1)
        }
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(key.record.id)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(Self.hex(Self.mac(signingKey, text)))"
        let sent =
            headers.filter { $0.0 != "x-approval" } + (replacing ?? approvals).map { ("X-Approval", $0) }
            + [("Authorization", authorization)]
        let answer = await AWSAPI(service: service).respond(
            to: AWSRequest(
                method: "POST", path: "/", query: "", headers: sent.map { (name: $0.0, value: $0.1) },
                body: Array(body.utf8), source: "192.0.2.1", requestID: "r"))
        return (answer.status, "\(answer.failure?.name ?? "") \(answer.failure?.message ?? "")")
    }

    /// Requests the deletion, and approves it under the id in the answer.
    private func approved() async throws -> ApprovalID {
        let asked = await scheduleDeletion([])
        #expect(asked.status == 400 && asked.text.contains("AccessDeniedException"), "\(asked.text)")
        let id = try #require(asked.text.firstMatch(of: /requested as ([0-9a-f]{16})/)).1
        let approval = try #require(ApprovalID(String(id)))
        _ = try await service.approve(approval, by: approver)
        return approval
    }

    private var used: Bool {
        get async throws {
            try await service.listApprovals(after: nil, limit: .standard, by: administrator).items
                .contains { $0.usedAt != nil }
        }
    }

    @Test func `an approval under the signature is used, once`() async throws {
        let id = try await approved()
        let done = await scheduleDeletion([id.text])
        #expect(done.status == 200, "\(done.text)")
        #expect(try await used)
        #expect(await scheduleDeletion([id.text]).status == 400)
    }

    @Test func `an approval that is not under the signature is refused, and not used`() async throws {
        let id = try await approved()
        let refused = await scheduleDeletion([id.text], signed: false)
        #expect(refused.status == 400 && refused.text.contains("InvalidSignatureException"), "\(refused.text)")
        #expect(refused.text.contains("'X-Approval' must be a 'SignedHeader' in the AWS Authorization."))
        #expect(try await !used)
    }

    @Test func `an approval that was added, put in place of another or taken away on the way is refused`() async throws
    {
        let id = try await approved()
        for (signed, sent) in [([], [id.text]), (["0123456789abcdef"], [id.text]), ([id.text], [])] {
            let refused = await scheduleDeletion(signed, replacing: sent)
            #expect(refused.status == 400 && refused.text.contains("InvalidSignatureException"), "\(refused.text)")
        }
        #expect(try await !used)
    }

    @Test func `two approvals are refused, also under the signature`() async throws {
        let id = try await approved()
        let refused = await scheduleDeletion([id.text, id.text])
        #expect(refused.status == 400 && refused.text.contains("ValidationException"), "\(refused.text)")
        #expect(try await !used)
    }
}

extension String {
    /// The text, with a leading zero before a single digit.
    fileprivate var leftPadded: String { count == 1 ? "0" + self : self }
}
