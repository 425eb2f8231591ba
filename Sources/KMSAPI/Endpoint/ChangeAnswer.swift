import HTTPServing
import HTTPTypes
import Hummingbird
import JSONText
import KeyManagement

/// The data of the answer to a change. It is written once, so that a repeated request gets the same answer.
struct ChangeAnswer {
    /// The key's id as text, stored in front of the data because the `Location` of a new key needs it.
    private let id: String
    private let json: [UInt8]

    init(_ changed: ChangedKey) {
        id = changed.key.id.description
        var writer = JSONWriter(capacity: 1024)
        writer.object { Answers.changedKey.write(&$0, changed) }
        json = Array(writer.finish().readableBytesView)
    }

    /// Reads the bytes of ``stored``.
    private init(stored: [UInt8]) {
        id = String(decoding: stored.prefix(36), as: UTF8.self)
        json = Array(stored.dropFirst(36))
    }

    /// The bytes that the store keeps for a request that may be repeated.
    var stored: [UInt8] { Array(id.utf8) + json }

    /// The successful answers of a change that supports a dry run.
    static let change = [Endpoint.Success(schema: .oneOf(Answers.changedKey.schema, Answers.plannedKey.schema))]

    /// The successful answers of the creation of a key.
    static let creation = [
        Endpoint.Success(schema: Answers.plannedKey.schema),
        Endpoint.Success(status: .created, schema: Answers.changedKey.schema, hasLocation: true),
    ]

    /// Returns the response to a request for a change.
    static func response(
        _ outcome: ChangeOutcome, _ message: StaticString, status: HTTPResponse.Status = .ok, requestID: String
    ) -> Response {
        switch outcome {
        case .changed(let changed):
            ChangeAnswer(changed).response(message, status: status, isRepeated: false, requestID: requestID)
        case .repeated(let stored):
            ChangeAnswer(stored: stored).response(message, status: status, isRepeated: true, requestID: requestID)
        case .planned(let changed, let impact):
            Answers.plannedKey.response(
                PlannedKey(changed: changed, impact: impact), "dry run: nothing was changed", requestID: requestID)
        }
    }

    private func response(
        _ message: StaticString, status: HTTPResponse.Status, isRepeated: Bool, requestID: String
    ) -> Response {
        var headers = HTTPFields()
        if status == .created { headers[.location] = "/api/v1/keys/\(id)" }
        if isRepeated { headers[.idempotentReplayed] = "true" }
        return Envelope.success(message, status: status, headers: headers, requestID: requestID, json: json)
    }
}
