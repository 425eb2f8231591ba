import HTTPTypes
import Hummingbird
import KMSTesting
import KeyManagement
import Testing

@testable import HTTPServing
@testable import KMSAPI

/// The document, checked against the code that it describes.
@Suite struct OpenAPITests {
    @Test("the document has every route with its methods, and no others")
    func routes() async throws {
        let fixture = try await Fixture()
        let router = makeRouter(
            of: doors(to: fixture.service), service: fixture.service, configuration: APIConfiguration(),
            log: RequestLog(logger: fixture.log.logger, sink: nil))
        // The root serves clients of AWS, whose own model describes it.
        let templates = Set(router.routes.map(\.path.description)).subtracting(["", "/"])
        try await fixture.run { client in
            var served: Set<String> = []
            for template in templates {
                let path = template.replacing(/[{}]/, with: "")
                // Every path lists its methods in the answer to any other method.
                let refused = try await client.send(.trace, path)
                #expect(refused.status == 405, "\(template)")
                for method in refused.headers[.allow]?.split(separator: ", ") ?? [] where method != "HEAD" {
                    served.insert("\(method) \(template)")
                }
            }
            let document = try await client.document()
            let told = Set(document.operations.map { "\($0.method) \($0.path)" })
            #expect(told == served)
            #expect(told.count == document.operations.count)
        }
    }

    @Test("the document is served without a credential, as JSON that names no other thing than it has")
    func references() async throws {
        try await Fixture().run { client in
            let answer = try await client.send(.get, "/openapi.json", as: .nobody)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            let document = try await client.document()
            #expect(document.root["openapi"]?.text == "3.1.0")
            for value in document.root.all {
                guard let reference = value["$ref"]?.text else { continue }
                #expect(document.resolved(value) != nil, "\(reference)")
            }
            let ids = document.operations.map(\.id)
            #expect(Set(ids).count == ids.count)
        }
    }

    @Test("a body has the fields in the document that its reader knows")
    func fields() async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            let told = Dictionary(uniqueKeysWithValues: document.operations.map { ($0.id, $0.json) })
            for operation in APIDocument.operations {
                let body = told[operation.id]?["requestBody"]
                #expect((body != nil) == (operation.body != nil), "\(operation.id)")
                guard let shape = operation.body?.fieldNames, let body else { continue }
                #expect(body["required"] == .flag(!operation.bodyIsOptional), "\(operation.id)")
                let schema = body["content"]?["application/json"]?["schema"].flatMap(document.resolved)
                #expect(schema?["properties"]?.fields.keys.sorted() == shape.sorted(), "\(operation.id)")
                #expect(schema?["additionalProperties"] == .flag(false), "\(operation.id)")
            }
        }
    }

    @Test("an item of a batch has the fields in the document that its reader knows")
    func batchItems() {
        let items: [(RequestSchema, [String])] = [
            (.dataKeyBatch, DataKeyBody.fieldNames), (.encryptBatch, EncryptBatchItem.fieldNames),
            (.decryptBatch, DecryptBatchItem.fieldNames), (.reEncryptBatch, ReEncryptBody.fieldNames),
            (.signBatch, SignBatchItem.fieldNames), (.verifyBatch, VerifyBatchItem.fieldNames),
            (.macBatch, GenerateMACBody.fieldNames), (.verifyMACBatch, VerifyMACBatchItem.fieldNames),
        ]
        for (body, fieldNames) in items {
            var json = ""
            body.schema.value.write(into: &json)
            let item = try? JSON.read(json)["properties"]?["items"]?["items"]
            #expect(item?["properties"]?.fields.keys.sorted() == fieldNames.sorted(), "\(body.name)")
            #expect(item?["additionalProperties"] == .flag(false), "\(body.name)")
        }
    }

    @Test("every failure has its code in the document, under its status")
    func codes() async throws {
        let errors = try Self.failures.map { APIError.service($0) } + Self.failuresOfHTTP
        var known: [String: Int] = [:]
        for error in errors { known[error.code.rawValue] = error.status.code }
        #expect(Set(known.keys) == Set(FailureCode.allCases.map(\.rawValue)))
        for code in FailureCode.allCases { #expect(known[code.rawValue] == code.status.code, "\(code)") }

        let statuses = known
        try await Fixture().run { client in
            let document = try await client.document()
            var told: Set<String> = []
            for operation in document.operations {
                for (status, response) in operation.json["responses"]?.fields ?? [:] where Int(status) ?? 0 >= 400 {
                    let codes = Self.codes(of: try #require(document.resolved(response)))
                    #expect(!codes.isEmpty, "\(operation.id) \(status)")
                    for code in codes { #expect(statuses[code].map(String.init) == status, "\(operation.id) \(code)") }
                    told.formUnion(codes)
                }
            }
            // Responses that no operation returns are documented all the same.
            for response in ["NotFound", "MethodNotAllowed"] {
                told.formUnion(
                    Self.codes(of: try #require(document.root["components"]?["responses"]?[response])))
            }
            #expect(told == Set(statuses.keys))
        }
    }

    private static func codes(of response: JSON) -> [String] {
        let parts = response["content"]?["application/json"]?["schema"]?["allOf"]?.items ?? []
        return parts.last?["properties"]?["code"]?["enum"]?.texts ?? []
    }

    private static let failuresOfHTTP: [APIError] = [
        .notFound, .methodNotAllowed(allow: "GET"), .payloadTooLarge(limit: 1), .unsupportedMediaType, .headersTooLarge,
        .malformedHTTP, .notReady(.busy("")),
    ]

    /// One error of each case.
    private static var failures: [KMSError] {
        get throws {
            let errors: [KMSError] = [
                .invalidRequest(""), .invalidCursor, .unauthenticated, .accessDenied(reason: ""),
                .keyNotFound(.id(KeyID())),
                .versionNotFound(.first), .aliasNotFound(try KeyName("a")), .importJobNotFound(ImportJobID()),
                .projectNotFound(try ProjectID("a")), .subjectNotFound(try SubjectID("a")),
                .groupNotFound(try GroupID("a")), .credentialNotFound(try #require(CredentialID("0123456789abcdef"))),
                .accessKeyNotFound(try #require(AccessKeyID("AKIAABCDEFGHIJKLMNOP"))),
                .rootNotFound(.first), .approvalNotFound(ApprovalID()), .grantNotFound(GrantID()), .limitReached(""),
                .keyDisabled(try KeyName("a")), .keyPendingDeletion(try KeyName("a")),
                .approvalRequired(ApprovalID(), ""), .approvalInvalid(""), .keyNameTaken(try KeyName("a")),
                .nameTaken(""), .conflict, .stateForbids(""),
                .usageForbids(""),
                .idempotencyMismatch, .materialDiffers(.first), .materialRejected, .decryptionFailed,
                .recordTampered(""), .unsupported(""), .busy(""), .rateLimited(retryAfter: .zero),
                .tooManyFailures(retryAfter: .zero), .tokenUnavailable(""), .storeUnavailable(""),
                .auditUnavailable(""), .internalFailure(""),
            ]
            // A new case does not compile here: add it to the list above.
            for error in errors {
                switch error {
                case .invalidRequest, .invalidCursor, .unauthenticated, .accessDenied, .keyNotFound, .versionNotFound,
                    .aliasNotFound,
                    .importJobNotFound, .projectNotFound, .subjectNotFound, .groupNotFound, .credentialNotFound,
                    .accessKeyNotFound,
                    .rootNotFound, .approvalNotFound, .grantNotFound, .limitReached, .keyDisabled, .keyPendingDeletion,
                    .approvalRequired, .approvalInvalid, .keyNameTaken, .nameTaken,
                    .conflict, .stateForbids, .usageForbids,
                    .idempotencyMismatch,
                    .materialDiffers, .materialRejected, .decryptionFailed, .recordTampered, .unsupported, .busy,
                    .rateLimited, .tooManyFailures, .tokenUnavailable, .storeUnavailable, .auditUnavailable,
                    .internalFailure:
                    break
                }
            }
            return errors
        }
    }
}
