import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let roots = EndpointGroup(
        "roots", "The root keys in the token.",
        [.listRoots, .rotateRoots, .retireRoots, .showDestructionCertificate])
}

extension Endpoint {
    fileprivate static let listRoots = Endpoint(
        .get, "roots", "listRoots", "Lists the root epochs with the number of records under each", guide: .listRoots,
        verb: .readRoots,
        answer: Answers.roots, message: "root epochs"
    ) { request in
        try await request.service.roots(by: request.principal)
    }

    fileprivate static let rotateRoots = Endpoint(
        .post, "roots/rotate", "rotateRoots",
        "Creates the root keys of the next epoch in the token; records under earlier epochs are rewrapped in the background",
        guide: .rotateRoots,
        verb: .rotateRoots, answer: Answers.roots, message: "roots made",
        failures: FailureCode.ofGuarded.union([.stateForbids, .unsupported, .nameTaken])
    ) { request in
        try await request.service.rotateRoots(by: request.principal)
    }

    fileprivate static let retireRoots = Endpoint(
        .post, "roots/{epoch}/retire", "retireRoots",
        "Destroys the root keys of an earlier epoch that no record uses, and returns a certificate",
        guide: .retireRoots,
        verb: .retireRoots, answer: Answers.signedDocument, message: "roots destroyed",
        failures: FailureCode.ofGuarded.union([.rootNotFound, .stateForbids, .unsupported])
    ) { request in
        try await request.service.retireRoots(request.epoch(), by: request.principal)
    }

    fileprivate static let showDestructionCertificate = Endpoint(
        .get, "roots/{epoch}/certificate", "showDestructionCertificate",
        "Returns the certificate of destruction of an epoch", guide: .showDestructionCertificate, verb: .readRoots,
        answer: Answers.signedDocument,
        message: "certificate of destruction", failures: [.rootNotFound, .stateForbids, .unsupported]
    ) { request in
        try await request.service.destructionCertificate(of: request.epoch(), by: request.principal)
    }
}

extension PathParameter {
    static let epoch = PathParameter("epoch", "The number of a root epoch.", .epoch)
}

extension EndpointRequest {
    /// Returns the root epoch that the path names.
    fileprivate func epoch() throws(KMSError) -> RootEpoch {
        let text = try text(.epoch, "the epoch in the path")
        guard let number = UInt32(text), "\(number)" == text, let epoch = RootEpoch(number) else {
            throw .invalidRequest("the epoch in the path is not a number from 1 on")
        }
        return epoch
    }
}

extension Schema {
    fileprivate static let epoch = Schema.number(1...Int(UInt32.max))
}

extension Answers {
    fileprivate static let roots = list("roots", of: root, capacity: 384, as: "Roots")

    private static let root = Answer<RootStatus>(
        .object([
            .must("epoch", .epoch), .must("latest", .flag), .must("inToken", .flag),
            .must("checkValue", Schema.hex.orNull), .must("madeAt", Schema.time.orNull),
            .must("closedAt", Schema.time.orNull), .must("destroyedAt", Schema.time.orNull),
            .must("wrappedKeys", .count), .must("sealedRecords", .count),
        ]), capacity: { _ in 384 }
    ) { writer, root in
        writer.field("epoch", root.epoch.number)
        writer.field("latest", root.isLatest)
        writer.field("inToken", root.isInToken)
        if let record = root.record {
            writer.field("checkValue", hexadecimal: record.checkValue)
        } else {
            writer.null("checkValue")
        }
        writer.field("madeAt", optional: root.record?.madeAt.description)
        writer.field("closedAt", optional: root.record?.closedAt?.description)
        writer.field("destroyedAt", optional: root.record?.destroyedAt?.description)
        writer.field("wrappedKeys", root.use.wrapped)
        writer.field("sealedRecords", root.use.sealed)
    }
}
