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
        writer.object { writer in
            writer.fields(of: changed.key)
            if let version = changed.version { writer.object("version") { $0.fields(of: version) } }
        }
        json = Array(writer.finish().readableBytesView)
    }

    /// Reads the bytes of ``stored``.
    private init(stored: [UInt8]) {
        id = String(decoding: stored.prefix(36), as: UTF8.self)
        json = Array(stored.dropFirst(36))
    }

    /// The bytes that the store keeps for a request that may be repeated.
    var stored: [UInt8] { Array(id.utf8) + json }

    /// Returns the response to a request for a change.
    static func response(
        _ outcome: ChangeOutcome, _ message: StaticString, status: HTTPResponse.Status = .ok, requestID: String
    ) -> Response {
        switch outcome {
        case .changed(let changed):
            ChangeAnswer(changed).response(message, status: status, isRepeated: false, requestID: requestID)
        case .repeated(let stored):
            ChangeAnswer(stored: stored).response(message, status: status, isRepeated: true, requestID: requestID)
        case .planned(let impact):
            Envelope.success("dry run: nothing was changed", requestID: requestID) { $0.fields(of: impact) }
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

extension JSONWriter {
    /// Writes the predicted impact of a change.
    mutating func fields(of impact: ChangeImpact) {
        field("dryRun", true)
        object("key") { $0.fields(of: impact.key) }
        list("versions", impact.versions) { writer, version in
            writer.object {
                $0.field("number", version.number.value)
                $0.field("before", version.before.rawValue)
                $0.field("after", version.after.rawValue)
                $0.field("stops", version.stops.map { impact.key.usage.name(of: $0) })
                $0.object("usage") { $0.fields(of: version.usage) }
            }
        }
    }
}

extension KeyUsage {
    /// Returns the name of a use in the API.
    fileprivate func name(of use: StateTable.Use) -> String {
        switch (self, use) {
        case (.encryptDecrypt, .produce): "encrypt"
        case (.encryptDecrypt, .consume): "decrypt"
        case (.signVerify, .produce): "sign"
        case (.signVerify, .consume): "verify"
        case (.generateVerifyMAC, .produce): "hmac"
        case (.generateVerifyMAC, .consume): "verify-hmac"
        case (.keyAgreement, _): "derive-shared-secret"
        }
    }
}
