import HTTPServing
import JSONText
import KeyManagement

/// The body of `POST subjects/{subject}/access-keys`. The body and all of its fields are optional.
struct AccessKeyBody: RequestBodyShape {
    var request = AccessKeyRequest()

    private enum Field: String, JSONFields {
        case account, days, networks
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var request = AccessKeyRequest()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .account: request.account = try AccountNumber(try reader.text(path))
            case .days: request.days = try reader.wholeNumber(path)
            case .networks:
                request.networks = try reader.list(path, atMost: 32) { (reader) throws(KMSError) in
                    try Network(try reader.text(path))
                }
            }
        }
        self.request = request
    }
}
