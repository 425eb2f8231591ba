import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let deleteKey = change(
        .delete, "keys/{key}", "deleteKey", "Deletes a key whose versions are all destroyed", guide: .deleteKey,
        verb: .deleteKey,
        message: "key deleted", operation: KeyService.deleteKey)

    static let rotateKey = change(
        .post, "keys/{key}/rotate", "rotateKey", "Creates a version and makes it the default", guide: .rotateKey,
        verb: .rotateKey, message: "key rotated", operation: KeyService.rotateKey)

    static let activateKey = change(
        .post, "keys/{key}/activate", "activateKey", "Creates the first version of a key that has none",
        guide: .activateKey,
        verb: .changeState, message: "key activated", operation: KeyService.activateKey)

    static let enableKey = change(
        .post, "keys/{key}/enable", "enableKey", "Enables a disabled key", guide: .enableKey, verb: .changeState,
        message: "key enabled", operation: KeyService.enableKey)

    static let disableKey = change(
        .post, "keys/{key}/disable", "disableKey", "Disables a key until it is enabled again", guide: .disableKey,
        verb: .changeState,
        message: "key disabled", operation: KeyService.disableKey)

    static let cancelDeletion = change(
        .post, "keys/{key}/cancel-deletion", "cancelDeletion",
        "Cancels the scheduled deletion of a key, which is then disabled", guide: .cancelDeletion,
        verb: .destroy, message: "deletion cancelled", operation: KeyService.cancelDeletion)

    static let deleteImportedMaterial = change(
        .post, "keys/{key}/delete-material", "deleteImportedMaterial",
        "Erases the imported material of a key now; it can be imported again", guide: .deleteImportedMaterial,
        verb: .destroy,
        message: "material erased", failures: FailureCode.ofChanges.union(FailureCode.ofGuarded),
        operation: KeyService.deleteImportedMaterial)

    /// Returns the endpoint of a change of a key as a whole.
    private static func change(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, guide: Guide,
        verb: Verb, message: StaticString, failures: Set<FailureCode> = FailureCode.ofChanges.union([.unsupported]),
        operation:
            @escaping @Sendable (KeyService) -> (KeyReference, ChangeOptions, Caller) async throws(KMSError) ->
            ChangeOutcome
    ) -> Endpoint {
        Endpoint(
            change: method, path, id, summary, guide: guide, verb: verb, body: ChangeBody.self, message: message,
            failures: failures
        ) { request in
            let key = try request.key()
            let (_, options) = try await request.change()
            return try await operation(request.service)(key, options, request.caller)
        }
    }
}

/// The body of most changes, which is optional: `{"reason": "superseded", "comment": "…", "dryRun": true}`.
struct ChangeBody: FieldBody, ChangeBodyShape {
    var note: ChangeNote?
    var isDryRun = false

    static let name = "Change"
    static let example: DocumentValue = ["reason": "superseded", "comment": "Quarterly rotation"]
    static var absent: ChangeBody? { ChangeBody() }

    enum Field: String, DescribedFields {
        case reason, comment, dryRun

        var shape: FieldShape {
            switch self {
            case .reason: .may(.one(of: ChangeReason.self))
            case .comment: .may(.description)
            case .dryRun: .may(.dryRun)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] { commentNeedsReason }

    /// Requires a reason with every comment.
    static let commentNeedsReason: [(name: String, value: DocumentValue)] = [
        ("dependentRequired", ["comment": ["reason"]])
    ]

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = Fields()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in try fields.read(field, &reader) }
        note = try fields.note()
        isDryRun = fields.isDryRun
    }

    /// The fields that the bodies of changes share.
    struct Fields {
        private var reason: ChangeReason?
        private var comment: KeyDescription?
        private(set) var isDryRun = false

        mutating func read(_ field: Field, _ reader: inout JSONReader) throws(KMSError) {
            let path = FieldPath(field)
            switch field {
            case .reason: reason = try reader.member(path, of: ChangeReason.self)
            case .comment: comment = try KeyDescription(try reader.text(path))
            case .dryRun: isDryRun = try reader.flag(path)
            }
        }

        func note() throws(KMSError) -> ChangeNote? {
            guard let reason else {
                guard comment == nil else { throw .invalidRequest("a comment goes with a reason") }
                return nil
            }
            return ChangeNote(reason: reason, comment: comment ?? .none)
        }
    }
}
