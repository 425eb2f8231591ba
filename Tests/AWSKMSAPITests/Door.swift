import Foundation
import KMSTesting
import KeyManagement
import Logging
import NIOCore

@testable import AWSKMSAPI

/// The AWS API over a service on doubles, after signature verification: the operations of an authenticated caller.
struct Door {
    let token = MemoryToken()
    let store = MemoryKeyStore()
    let clock = ManualClock()
    let audit = MemoryAuditLog()
    let service: KeyService
    let api: AWSAPI
    let place: Place

    static let account = "123456789012"

    init() async throws {
        service = KeyService(
            token: token, store: store, audit: audit, clock: clock, recordLease: .zero,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let people = [
            FirstSubject(subject: try SubjectID("maria"), role: .manager),
            FirstSubject(subject: try SubjectID("paul"), role: .manager),
            FirstSubject(subject: try SubjectID("adam"), role: nil, isAdministrator: true),
            FirstSubject(subject: try SubjectID("eve"), role: nil),
        ]
        let location = ProjectLocation(
            account: try AccountNumber(Self.account), region: Region.standard)
        try await service.initializeStore(
            with: try await service.prepareDirectory(people, of: try ProjectID("shop"), at: location))
        api = AWSAPI(service: service)
        place = Place(account: Self.account, region: "us-east-1")
    }

    static func caller(_ name: String = "maria", _ role: Role? = .manager) throws -> Caller {
        Caller(subject: try SubjectID(name), project: try ProjectID("shop"), role: role)
    }

    /// Requests an operation, and returns its members or the failure.
    func ask(
        _ operation: String, _ json: String, by caller: Caller? = nil
    ) async throws -> Result<[String: Any], AWSFailure> {
        let caller = try caller ?? Self.caller()
        do throws(AWSFailure) {
            let body = try await api.answer(operation, Array(json.utf8), caller)
            let text = Data(body.readableBytesView)
            return .success((try? JSONSerialization.jsonObject(with: text) as? [String: Any]) ?? [:])
        } catch {
            return .failure(error)
        }
    }

    func succeed(_ operation: String, _ json: String, by caller: Caller? = nil) async throws -> [String: Any] {
        try await ask(operation, json, by: caller).get()
    }

    /// Returns the failure of an operation; `nil` if it succeeded.
    func failure(_ operation: String, _ json: String, by caller: Caller? = nil) async throws -> AWSFailure? {
        if case .failure(let failure) = try await ask(operation, json, by: caller) { failure } else { nil }
    }

    /// Makes a key and returns its id.
    func key(_ members: String = "") async throws -> String {
        let made = try await succeed("CreateKey", "{\(members)}")
        return (made["KeyMetadata"] as? [String: Any])?["KeyId"] as? String ?? ""
    }

    func arn(_ subject: String) -> String { "arn:aws:iam::\(Self.account):user/\(subject)" }
}
