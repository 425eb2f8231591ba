import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let createImportJob = Endpoint(
        .post, "import-jobs", "createImportJob", "Creates a key pair that wraps key material for import",
        guide: .createImportJob,
        verb: .importKey,
        body: ImportJobBody.self,
        successes: [Success(status: .created, schema: Answers.importJob.schema, hasLocation: true)],
        failures: [.unsupported, .conflict]
    ) { request in
        let body = try await request.body()
        let job = try await request.service.createImportJob(body.algorithm, method: body.method, by: request.caller)
        return Answers.importJob.response(
            job, "import job created", status: .created, headers: [.location: "/api/v1/import-jobs/\(job.id)"],
            requestID: request.requestID)
    }

    static let describeImportJob = Endpoint(
        .get, "import-jobs/{job}", "describeImportJob", "Describes an import job", guide: .describeImportJob,
        verb: .importKey,
        answer: Answers.importJob, message: "import job", failures: [.importJobNotFound]
    ) { request in
        try await request.service.importJob(request.importJob(), by: request.caller)
    }

    static let deleteImportJob = Endpoint(
        .delete, "import-jobs/{job}", "deleteImportJob", "Deletes an import job", guide: .deleteImportJob,
        verb: .importKey,
        answer: Answers.deletedImportJob, message: "import job deleted", failures: [.importJobNotFound]
    ) { request in
        let id = try request.importJob()
        try await request.service.deleteImportJob(id, by: request.caller)
        return id
    }
}

extension PathParameter {
    static let importJob = PathParameter("job", "The id of an import job.", .uuid)
}

extension EndpointRequest {
    /// Returns the import job that the path names.
    fileprivate func importJob() throws(KMSError) -> ImportJobID {
        guard let id = ImportJobID(try text(.importJob, "the import job in the path")) else {
            throw .invalidRequest("the import job in the path is not an id")
        }
        return id
    }
}

extension Answers {
    /// An import job, without its private key.
    fileprivate static let importJob = Answer<ImportJob>(
        "ImportJob",
        [
            .must("id", .uuid), .must("wrappingAlgorithm", .algorithm), .must("method", .one(of: ImportMethod.self)),
            .must("publicKey", .base64()), .must("createdAt", .time), .must("expiresAt", .time),
        ], capacity: { _ in 1024 }
    ) { writer, job in
        writer.field("id", job.id.description)
        writer.field("wrappingAlgorithm", job.wrappingAlgorithm.rawValue)
        writer.field("method", job.method.rawValue)
        writer.field("publicKey", base64: job.publicKey.der)
        writer.field("createdAt", job.createdAt.description)
        writer.field("expiresAt", job.expiresAt.description)
    }

    fileprivate static let deletedImportJob = Answer<ImportJobID>("DeletedImportJob", [.must("id", .uuid)]) {
        $0.field("id", $1.description)
    }
}

/// The body of `POST import-jobs`, which is optional.
struct ImportJobBody: FieldBody {
    var algorithm = KeyAlgorithm.rsa4096
    var method: ImportMethod?

    static let name = "ImportJob"
    static let example: DocumentValue = ["wrappingAlgorithm": "RSA-3072", "method": "RSAES_OAEP_SHA_1"]
    static var absent: ImportJobBody? { ImportJobBody() }

    enum Field: String, DescribedFields {
        case wrappingAlgorithm, method

        var shape: FieldShape {
            switch self {
            case .wrappingAlgorithm: .may(.one(of: [KeyAlgorithm.rsa3072, .rsa4096].map(\.rawValue)))
            case .method: .may(.one(of: ImportMethod.self))
            }
        }
    }

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var algorithm = KeyAlgorithm.rsa4096
        var method: ImportMethod?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .wrappingAlgorithm: algorithm = try reader.member(path, of: KeyAlgorithm.self)
            case .method: method = try reader.member(path, of: ImportMethod.self)
            }
        }
        self.algorithm = algorithm
        self.method = method
    }
}
