import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let publicKey = Endpoint(
        .get, "keys/{key}/public-key", "publicKey", "Returns the public key of the default version", guide: .publicKey,
        verb: .readPublicKey, answer: Answers.publicKey, message: "public key", failures: FailureCode.ofVersionUses
    ) { request in
        try await request.service.publicKey(of: request.key(), by: request.caller)
    }

    static let publicKeyOfVersion = Endpoint(
        .get, "keys/{key}/versions/{version}/public-key", "publicKeyOfVersion", "Returns the public key of a version",
        guide: .publicKeyOfVersion,
        verb: .readPublicKey, answer: Answers.publicKey, message: "public key", failures: FailureCode.ofVersionUses
    ) { request in
        try await request.service.publicKey(of: request.key(), version: request.version(), by: request.caller)
    }
}

extension Answers {
    fileprivate static let publicKey = Answer<ReadablePublicKey>(
        "PublicKey",
        versionFields + [
            .must("algorithm", .algorithm), .must("usage", .one(of: KeyUsage.self)), .must("der", .base64()),
            .must("pem", .text), .must("jwk", .pairs(of: .text)),
        ], capacity: { _ in 2048 }
    ) { writer, key in
        writer.fields(of: key.version)
        writer.field("algorithm", key.algorithm.rawValue)
        writer.field("usage", key.usage.rawValue)
        writer.field("der", base64: key.der)
        writer.field("pem", key.pem)
        writer.field("jwk", key.jwk)
    }
}
