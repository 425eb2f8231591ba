import Foundation
import HTTPTypes
import Hummingbird
import KMSTesting
import KeyManagement
import NIOCore
import Testing

@testable import HTTPServing
@testable import KMSAPI

/// The document, checked against the code that it describes.
@Suite struct OpenAPITests {
    @Test func `the document has every route with its methods, and no others`() async throws {
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

    @Test func `the document is served without a credential, as JSON that names no other thing than it has`()
        async throws
    {
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

    @Test func `a body has the fields in the document that its reader knows`() async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            for operation in document.operations {
                let endpoint = try #require(Endpoint.all.first { $0.id == operation.id })
                let body = operation.json["requestBody"]
                #expect((body != nil) == (endpoint.body != nil), "\(operation.id)")
                guard let reader = endpoint.body, let body else { continue }
                #expect(body["required"] == .flag(reader.isRequired), "\(operation.id)")
                let schema = try #require(body["content"]?["application/json"]?["schema"].flatMap(document.resolved))
                #expect(schema["additionalProperties"] == .flag(false), "\(operation.id)")
                let told = try #require(schema["properties"]?.fields.keys.sorted())
                let known = Self.known(to: reader, #"{"?": 1}"#)
                guard let item = schema["properties"]?["items"]?["items"] else {
                    #expect(told == known, "\(operation.id)")
                    continue
                }
                // A batch reads its items as the verb alone does, and then refuses what items cannot have.
                #expect(Set(told).isSubset(of: known), "\(operation.id)")
                #expect(item["additionalProperties"] == .flag(false), "\(operation.id)")
                let ofItem = Self.known(to: reader, #"{"items": [{"?": 1}]}"#)
                let toldOfItem = Set(item["properties"]?.fields.keys.sorted() ?? [])
                #expect(toldOfItem.isSubset(of: ofItem), "\(operation.id)")
            }
        }
    }

    /// Returns the fields that a reader lists when it refuses one that it does not know, sorted.
    private static func known(to body: BodyDescription, _ json: String) -> [String] {
        do throws(KMSError) {
            try body.check(ByteBuffer(string: json))
            return []
        } catch {
            let list = error.message.components(separatedBy: "known are ").last ?? ""
            return list.components(separatedBy: ", ").sorted()
        }
    }

    @Test func `every failure has its code in the document, under its status`() async throws {
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
                .invalidRequest(""), .invalidCursor, .projectRequired, .unauthenticated, .accessDenied(reason: ""),
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
                case .invalidRequest, .invalidCursor, .projectRequired, .unauthenticated, .accessDenied, .keyNotFound,
                    .versionNotFound, .aliasNotFound,
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
