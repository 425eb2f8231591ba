import HTTPTypes
import KeyManagement

/// The responses of the document.
enum DocumentedResponses {
    /// Returns the response for a success of an endpoint.
    static func success(_ success: Endpoint.Success, of endpoint: Endpoint) -> DocumentValue {
        var headers = commonHeaders
        if success.hasLocation { headers.append(("Location", header("The path of the new object."))) }
        if endpoint.isIdempotent {
            headers.append(
                ("Idempotent-Replayed", header("`true` if the answer repeats an earlier one.", optional: true)))
        }
        let body = success.hasEnvelope ? envelope(of: success.schema) : success.schema
        let isExample = success.status == endpoint.successes.last?.status
        return [
            "description": "Success.", "headers": .object(headers),
            "content": [
                "application/json": ["schema": body.value, "example": isExample ? endpoint.guide.answer : body.example]
            ],
        ]
    }

    /// Returns the name of the component for these failures, such as `KeyNotFound-VersionNotFound`.
    static func name(of codes: Set<FailureCode>) -> String {
        FailureCode.allCases.filter(codes.contains).map(\.name).joined(separator: "-")
    }

    static func failure(_ codes: Set<FailureCode>, status: Int) -> DocumentValue {
        var headers = commonHeaders
        switch status {
        case 401: headers.append(("WWW-Authenticate", header("The accepted scheme: `Bearer`.")))
        case 405: headers.append(("Allow", header("The allowed methods.")))
        case 429, 503:
            headers.append(
                ("Retry-After", header("The number of seconds to wait before a retry.", schema: Schema.count)))
        default: break
        }
        let known = FailureCode.allCases.filter(codes.contains).map(\.rawValue)
        return [
            "description": .text(known.joined(separator: ", ")), "headers": .object(headers),
            "content": [
                "application/json": [
                    "schema": [
                        "allOf": [
                            Schema.ref("Failure"),
                            ["type": "object", "properties": ["code": Schema.one(of: known).value]],
                        ]
                    ]
                ]
            ],
        ]
    }

    static let failureSchema = Schema.object([
        .must("code", Schema.text.described("The stable code of the failure.")),
        .must("message", Schema.text.described("A description of the failure for people.")),
        .must("requestId", requestID),
    ])

    private static let requestID = Schema.text(Patterns.requestID).example("4c8f1e0d9b7a6352")

    private static func envelope(of data: Schema) -> Schema {
        .object([
            .must("code", Schema(["type": "string", "const": "SUCCESS"], example: "SUCCESS")),
            .must("message", .text), .must("data", data), .must("requestId", requestID),
        ])
    }

    private static let commonHeaders: [(name: String, value: DocumentValue)] = [
        ("X-Request-Id", ["$ref": "#/components/headers/X-Request-Id"])
    ]

    static let requestIDHeader: DocumentValue = [
        "description": "The id of the request in answers and logs.", "required": true,
        "schema": requestID.value,
    ]

    private static func header(_ text: String, schema: Schema = .text, optional: Bool = false) -> DocumentValue {
        ["description": .text(text), "required": .flag(!optional), "schema": schema.value]
    }
}

extension FailureCode {
    /// The code in one word.
    fileprivate var name: String {
        rawValue.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
    }
}
