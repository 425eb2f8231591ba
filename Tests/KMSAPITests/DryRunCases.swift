import HTTPTypes
import KMSTesting
import Testing

/// A request for a change that may be a dry run.
struct ChangeCase: Sendable, CustomTestStringConvertible {
    /// The id of the operation in the document.
    let id: String
    let method: HTTPRequest.Method
    let path: String
    /// The fields of the body. `JOB` stands for the id of an import job.
    let fields: String
    /// The subject that may do it.
    let subject: Client.Subject

    var testDescription: String { "\(id) \(fields)" }

    init(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, _ fields: String = "",
        as subject: Client.Subject = .manager
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.fields = fields
        self.subject = subject
    }

    /// Every operation with a dry run, some of them in several forms.
    static let all = [
        ChangeCase("createKey", .post, "keys", #""name": "new", "rotationDays": 30, "tags": {"team": "a"}"#),
        ChangeCase("createKey", .post, "keys", #""name": "new", "algorithm": "EC-P384""#),
        ChangeCase("createKey", .post, "keys", #""name": "new", "origin": "imported""#),
        ChangeCase("createKey", .post, "keys", #""name": "new", "preActivation": true"#),
        ChangeCase("createKey", .post, "keys", #""name": "k""#),
        ChangeCase("createKey", .post, "keys", #""name": "other-name""#),
        ChangeCase("updateKey", .patch, "keys/k", #""description": "Orders", "tags": {"team": "b"}"#),
        ChangeCase("updateKey", .patch, "keys/k", #""rotationDays": 90"#),
        ChangeCase("updateKey", .patch, "keys/k", #""name": "new""#),
        ChangeCase("updateKey", .patch, "keys/k", #""name": "k""#),
        ChangeCase("updateKey", .patch, "keys/k", #""name": "other""#),
        ChangeCase("updateKey", .patch, "keys/k", #""name": "other-name""#),
        ChangeCase("deleteKey", .delete, "keys/k"),
        ChangeCase("rotateKey", .post, "keys/k/rotate", #""reason": "superseded", "comment": "yearly""#),
        ChangeCase("activateKey", .post, "keys/k/activate"),
        ChangeCase("enableKey", .post, "keys/k/enable"),
        ChangeCase("disableKey", .post, "keys/k/disable", #""reason": "keyCompromise""#),
        ChangeCase("scheduleDeletion", .post, "keys/k/schedule-deletion", #""days": 9"#),
        ChangeCase("scheduleDeletion", .post, "keys/k/schedule-deletion", #""days": 1"#),
        ChangeCase("cancelDeletion", .post, "keys/k/cancel-deletion"),
        ChangeCase("deleteImportedMaterial", .post, "keys/k/delete-material"),
        ChangeCase("activateVersion", .post, "keys/k/versions/1/activate"),
        ChangeCase("activateVersion", .post, "keys/k/versions/7/activate"),
        ChangeCase("deactivateVersion", .post, "keys/k/versions/1/deactivate"),
        ChangeCase("scheduleDestruction", .post, "keys/k/versions/1/schedule-destruction", #""days": 8"#),
        ChangeCase("cancelDestruction", .post, "keys/k/versions/1/cancel-destruction"),
        ChangeCase("destroyVersion", .post, "keys/k/versions/1/destroy"),
        ChangeCase("importMaterial", .post, "keys/k/import", imported("AAAAAAAAAAAAAAAAAAAAAQ==")),
        ChangeCase("importMaterial", .post, "keys/k/import", imported("AAAAAAAAAAAAAAAAAAAAAg==")),
        ChangeCase(
            "importMaterial", .post, "keys/k/import",
            imported("AAAAAAAAAAAAAAAAAAAAAQ==", #", "version": 1, "activate": true, "expiresAt": "2030-01-31""#)),
        ChangeCase("importMaterial", .post, "keys/k/import", imported("AQ==")),
        ChangeCase(
            "changeAccess", .put, "keys/k/access", #""accessControl": true, "subjects": ["maria"], "groups": []"#),
        ChangeCase("changeAccess", .put, "keys/k/access", #""accessControl": true, "subjects": ["nobody"]"#),
        ChangeCase("changeOwner", .put, "keys/k/owner", #""owner": "ulf""#, as: .admin),
        ChangeCase("changeOwner", .put, "keys/k/owner", #""owner": "adam""#, as: .admin),
    ]

    static func imported(_ material: String, _ more: String = "") -> String {
        #""job": "JOB", "material": "\#(material)""# + more
    }
}

/// A state of the key `k` in which changes are tried.
enum KeyCondition: String, CaseIterable {
    case missing, active, rotated, deactivated, pending, due, destroyed, preActivation, disabled, pendingDeletion
    case imported, withdrawn, signing

    /// Brings the key into the state, beside another key and its alias.
    func prepare(_ client: Client) async throws {
        func send(_ path: String, _ json: String? = nil) async throws {
            let answer = try await client.send(.post, "/api/v1/\(path)", json)
            guard answer.status < 300 else { throw Answer.Missing(field: path, answer: answer.text) }
        }
        try await client.createKey("other")
        _ = try await client.send(.put, "/api/v1/aliases/other-name", #"{"key": "other"}"#)
        switch self {
        case .missing: return
        case .preActivation: try await send("keys", #"{"name": "k", "preActivation": true}"#)
        case .imported, .withdrawn: try await send("keys", #"{"name": "k", "origin": "imported"}"#)
        case .signing: try await client.createKey("k", "EC-P256")
        default: try await client.createKey("k")
        }
        let isPending = [.pending, .due, .destroyed].contains(self)
        if isPending || self == .deactivated { try await send("keys/k/versions/1/deactivate") }
        if isPending { try await send("keys/k/versions/1/schedule-destruction", #"{"days": 7}"#) }
        if isPending, self != .pending { client.fixture.clock.advance(by: .seconds(8 * 86_400)) }
        switch self {
        case .destroyed: try await send("keys/k/versions/1/destroy")
        case .active: try await send("keys/k/encrypt", #"{"plaintext": "AQID"}"#)
        case .rotated:
            try await send("keys/k/encrypt", #"{"plaintext": "AQID"}"#)
            try await send("keys/k/rotate")
        case .disabled: try await send("keys/k/disable", #"{"reason": "superseded"}"#)
        case .pendingDeletion: try await send("keys/k/schedule-deletion")
        case .imported, .withdrawn:
            let job = try await client.importJob()
            try await send("keys/k/import", "{\(ChangeCase.imported("AAAAAAAAAAAAAAAAAAAAAQ=="))}".naming(job))
            if self == .withdrawn { try await send("keys/k/delete-material") }
        default: break
        }
    }
}

extension Client {
    /// Creates an import job and returns its id.
    func importJob() async throws -> String { try await send(.post, "/api/v1/import-jobs", "{}").data("id") }

    /// Sends a change, or its dry run.
    func send(
        _ change: ChangeCase, isDryRun: Bool, job: String, as subject: Subject? = nil, approval: String? = nil
    ) async throws -> Answer {
        let fields = [change.fields, isDryRun ? #""dryRun": true"# : ""].filter { !$0.isEmpty }
        var headers: HTTPFields = [.xProject: "shop"]
        if let approval { headers[HTTPField.Name("X-Approval")!] = approval }
        return try await send(
            change.method, "/api/v1/" + change.path, as: subject ?? change.subject,
            "{\(fields.joined(separator: ", "))}".naming(job), headers: headers)
    }
}

extension String {
    func naming(_ job: String) -> String { replacing("JOB", with: job) }
}
