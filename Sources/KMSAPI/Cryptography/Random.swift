import HTTPTypes
import JSONText
import KeyManagement
import SecretMemory

extension Endpoint {
    static let random = Endpoint(
        .post, "random", "random", "Returns random bytes from the token", guide: .random, verb: .generateRandom,
        body: RandomBody.self,
        answer: Answers.randomBytes, message: "random bytes"
    ) { request in
        let body = try await request.body()
        return try await request.service.generateRandom(byteCount: body.byteCount, by: request.caller)
    }
}

extension Answers {
    fileprivate static let randomBytes = Answer<SecretBytes>(
        "RandomBytes", [.must("plaintext", .base64())], capacity: { capacity(forPlaintext: $0.count) }
    ) {
        $0.field("plaintext", base64: $1)
    }
}

/// The body of `POST random`.
struct RandomBody: FieldBody {
    let byteCount: Int

    static let name = "Random"
    static let example: DocumentValue = ["bytes": 32]

    enum Field: String, DescribedFields {
        case bytes

        var shape: FieldShape { .must(.number(1...1024)) }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var count: Int?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            count = try reader.wholeNumber(FieldPath(field))
        }
        guard let count else { throw .invalidRequest("bytes is missing: how many, 1 to 1024") }
        byteCount = count
    }
}
