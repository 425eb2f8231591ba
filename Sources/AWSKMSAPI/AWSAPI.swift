import JSONText
package import KeyManagement
import NIOCore

/// The API of AWS KMS (AWS JSON 1.1, Signature Version 4) in front of the service. It only translates: the service decides access, and the
/// life cycle of keys.
package struct AWSAPI: Sendable {
    private let service: KeyService

    package init(service: KeyService) {
        self.service = service
    }

    /// Answers any request.
    package func respond(to request: AWSRequest) async -> AWSResponse {
        var subject: String?
        do throws(AWSFailure) {
            let signed = try SignatureV4.read(
                method: request.method, path: request.path, query: request.query, headers: request.headers,
                body: request.body, now: service.now)
            let caller = try await authenticate(signed, request)
            subject = caller.subject.text
            let body = try await answer(request, caller)
            return AWSResponse(status: 200, body: body, failure: nil, subject: subject)
        } catch {
            return Self.response(error, to: subject)
        }
    }

    /// Returns the answer to a request whose body exceeds the limit.
    package static func tooLarge(limit: Int) -> AWSResponse {
        response(
            AWSFailure("RequestEntityTooLargeException", status: 413, "Request is larger than \(limit) bytes"), to: nil)
    }

    /// The answer to a wrong signature from an address with too many of them.
    package static var throttled: AWSResponse { response(AWSFailure("ThrottlingException", "Rate exceeded"), to: nil) }

    private static func response(_ failure: AWSFailure, to subject: String?) -> AWSResponse {
        AWSResponse(status: failure.status, body: body(of: failure), failure: failure, subject: subject)
    }

    private func authenticate(_ signed: SignedRequest, _ request: AWSRequest) async throws(AWSFailure) -> Caller {
        do throws(SignedRequestError) {
            return try await service.authenticate(
                signed, source: request.source, requestID: request.requestID, approval: request.header("x-approval"),
                isRecorded: request.isRecorded)
        } catch {
            if case .service(let failure) = error { throw AWSCall.failure(failure) }
            throw error.awsFailure
        }
    }

    private static let target = "TrentService."

    private func answer(_ request: AWSRequest, _ caller: Caller) async throws(AWSFailure) -> ByteBuffer {
        guard let target = request.header("x-amz-target"), target.utf8.starts(with: Self.target.utf8) else {
            throw AWSFailure("UnknownOperationException")
        }
        return try await answer(String(Substring(target.utf8.dropFirst(Self.target.utf8.count))), request.body, caller)
    }

    /// Performs an operation for the caller that signed the request.
    func answer(_ name: String, _ body: [UInt8], _ caller: Caller) async throws(AWSFailure) -> ByteBuffer {
        guard name.isASCII, let operation = Operation.all[name] else { throw AWSFailure("UnknownOperationException") }
        let call = AWSCall(
            service: service, caller: caller, place: try await place(of: caller.project), operation: operation,
            input: try Input(body, operation.shape))
        try await call.requireGenuineGrantTokens()
        return try await operation.run(call)
    }

    private func place(of project: ProjectID) async throws(AWSFailure) -> Place {
        let location: ProjectLocation?
        do throws(KMSError) {
            location = try await service.location(of: project)
        } catch {
            throw AWSCall.failure(error)
        }
        guard let location else { throw AWSFailure("KMSInternalException", status: 500, "the project has no account") }
        return Place(account: location.account.text, region: location.region.text)
    }

    /// Writes a failure as AWS KMS does: a denial has `Message`, other failures have `message`, and some have neither.
    private static func body(of failure: AWSFailure) -> ByteBuffer {
        var writer = JSONWriter(capacity: 256 + (failure.message?.utf8.count ?? 0))
        writer.object {
            $0.field("__type", failure.name)
            guard let message = failure.message else { return }
            if failure.name == "AccessDeniedException" {
                $0.field("Message", message)
            } else {
                $0.field("message", message)
            }
        }
        return writer.finish()
    }
}
