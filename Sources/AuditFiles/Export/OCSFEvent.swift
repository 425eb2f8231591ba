internal import Encodings
internal import FoundationEssentials
package import KeyManagement

/// Formats an operation as an event of the Open Cybersecurity Schema Framework, class API Activity (6003), version 1.3.0.
///
/// The class requires `activity_id`, `actor`, `api`, `category_uid`, `class_uid`, `metadata`, `severity_id`, `src_endpoint`, `time`,
/// `type_uid`. Fields without a place in the schema are under `unmapped`, among them the line's number and hash in the chain.
package enum OCSFEvent {
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The names under `unmapped` are ours, and stay as they are.
        encoder.keyEncodingStrategy = .custom { path in
            let name = path[path.count - 1].stringValue
            return path.first?.stringValue == "unmapped" ? FieldName(name) : FieldName(snakeCase: name)
        }
        return encoder
    }()

    /// Returns one line of JSON, with its fields in alphabetical order and without a line feed.
    package static func text(_ line: AuditLine, _ entry: AuditEntry, productVersion: String) -> String {
        // An event has texts and integers only, which every encoder can write.
        guard let json = try? encoder.encode(APIActivity(line, entry, productVersion: productVersion)) else {
            return "{}"
        }
        return String(decoding: json, as: UTF8.self)
    }
}

/// An event of class API Activity. Its properties are the fields of the schema, with capitals for underscores.
private struct APIActivity: Encodable {
    struct Metadata: Encodable {
        struct Product: Encodable {
            let name = "hsm-kms"
            let vendorName = "hsm-kms"
            let version: String
        }

        let version = "1.3.0"
        let uid: String
        let correlationUid: String
        let product: Product
    }

    struct Actor: Encodable {
        struct User: Encodable {
            let uid: String?
            let name: String
            let typeId: Int?
            let credentialUid: String?
        }

        let user: User
    }

    struct Endpoint: Encodable {
        let ip: String?
        let svcName: String?
    }

    struct API: Encodable {
        struct Request: Encodable { let uid: String }
        struct Response: Encodable { let codeName: String }
        struct Service: Encodable { let name = "kms" }

        let operation: String
        let request: Request
        let response: Response
        let service = Service()
    }

    struct Resource: Encodable {
        let type = "key"
        let uid: String
        let namespace: String?
    }

    private static let classUID: UInt64 = 6003

    let activityId: UInt64
    let activityName: String
    let categoryName = "Application Activity"
    let categoryUid = 6
    let className = "API Activity"
    let classUid = Self.classUID
    let typeUid: UInt64
    let time: Int64
    let severityId: Int
    let status: String
    let statusId: Int
    let statusCode: String
    let statusDetail: String
    let metadata: Metadata
    let actor: Actor
    let srcEndpoint: Endpoint
    let api: API
    let resources: [Resource]?
    let unmapped: Unmapped

    init(_ line: AuditLine, _ entry: AuditEntry, productVersion: String) {
        let activity = ActivityID(verb: entry.verb)
        activityId = activity.rawValue
        activityName = activity.name(of: entry.verb)
        typeUid = Self.classUID * 100 + activity.rawValue
        time = max(0, entry.time.milliseconds)
        severityId = entry.outcome.severity
        (status, statusId) = entry.outcome.status
        statusCode = entry.code
        statusDetail = entry.reason
        metadata = Metadata(
            uid: "\(line.number)", correlationUid: entry.requestID, product: Metadata.Product(version: productVersion))
        actor = Actor(
            user: Actor.User(
                uid: entry.subject?.text, name: entry.subject?.text ?? "unknown",
                typeId: entry.subject == nil ? 0 : nil,
                credentialUid: entry.authentication))
        srcEndpoint = Endpoint(ip: entry.source, svcName: entry.source == nil ? "kms" : nil)
        api = API(
            operation: entry.verb, request: API.Request(uid: entry.requestID),
            response: API.Response(codeName: entry.code))
        let keys = [entry.key].compactMap { $0 } + entry.uses.compactMap(\.key)
        resources =
            keys.isEmpty ? nil : keys.map { Resource(uid: $0.description, namespace: entry.project?.text) }
        unmapped = Unmapped(line, entry)
    }
}

/// The fields for which the schema has no place.
private struct Unmapped: Encodable {
    private let line: AuditLine
    private let entry: AuditEntry

    init(_ line: AuditLine, _ entry: AuditEntry) {
        self.line = line
        self.entry = entry
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: FieldName.self)
        try fields.encode(line.number, forKey: FieldName("seq"))
        let hash = Hexadecimal.text(ChainHash(of: line.bytes).bytes)
        try fields.encode(hash, forKey: FieldName("hash"))
        try fields.encodeIfPresent(entry.version?.value, forKey: FieldName("key_version"))
        for (name, value) in entry.details {
            try fields.encode(value, forKey: FieldName("detail_" + name))
        }
    }
}

/// The name of a field.
private struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }

    /// Makes the schema's name of a property: `classUid` is `class_uid`.
    init(snakeCase name: String) {
        stringValue = name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension AuditEntry.Outcome {
    /// Informational, low for failed operations, medium for denied ones.
    fileprivate var severity: Int {
        switch self {
        case .intended, .succeeded: 1
        case .failed: 2
        case .denied: 3
        }
    }

    fileprivate var status: (name: String, id: Int) {
        switch self {
        case .succeeded: ("Success", 1)
        case .failed, .denied: ("Failure", 2)
        case .intended: ("intended", 99)
        }
    }
}
