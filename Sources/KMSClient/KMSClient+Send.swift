internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

extension KMSClient {
    /// The most bytes that an answer may have.
    private static let maxAnswerLength = 256 * 1024 * 1024

    /// Sends a request and returns the answer.
    public func send<Answer>(_ request: KMSRequest<Answer>) async throws(KMSClientError) -> Answer {
        let (status, buffer) = try await exchange(try httpRequest(request))
        return try answer(in: buffer, status: status)
    }

    private func httpRequest<Answer>(_ request: KMSRequest<Answer>) throws(KMSClientError) -> HTTPClientRequest {
        var http = HTTPClientRequest(url: address.base + request.path)
        http.method = .RAW(value: request.method.rawValue)
        if let credential { http.headers.add(name: "X-Auth-Token", value: credential.token) }
        if let project { http.headers.add(name: "X-Project", value: project) }
        if let approval { http.headers.add(name: "X-Approval", value: approval) }
        if let key = request.idempotencyKey { http.headers.add(name: "Idempotency-Key", value: key) }
        guard var json = try request.body.json() else { return http }
        defer { zero(&json) }
        http.headers.add(name: "Content-Type", value: "application/json")
        http.body = .bytes(ByteBuffer(bytes: json))
        return http
    }

    private func exchange(_ request: HTTPClientRequest) async throws(KMSClientError) -> (UInt, ByteBuffer) {
        do {
            let response = try await http.execute(request, timeout: TimeAmount(timeout))
            return (response.status.code, try await response.body.collect(upTo: Self.maxAnswerLength))
        } catch {
            throw .unreachable(address, cause: error)
        }
    }

    private func answer<Answer: Decodable>(in buffer: ByteBuffer, status: UInt) throws(KMSClientError) -> Answer {
        let envelope: AnswerEnvelope<Answer>
        do {
            envelope = try ValueDecoder.read(
                AnswerEnvelope<Answer>.self, from: JSONParser.parse(buffer.readableBytesView))
        } catch {
            throw .notAKMS(address, status: status)
        }
        guard let data = envelope.data else {
            throw .refused(
                KMSClientError.Refusal(
                    code: KMSErrorCode(rawValue: envelope.code), message: envelope.message,
                    requestID: envelope.requestId, status: status))
        }
        return data
    }
}

/// The envelope of every answer.
private struct AnswerEnvelope<Content: Decodable>: Decodable {
    let code: String
    let message: String
    let data: Content?
    let requestId: String
}

extension RequestBody {
    /// The body as JSON; nil if there is none.
    fileprivate func json() throws(KMSClientError) -> [UInt8]? {
        switch self {
        case .none: return nil
        case .json(let bytes): return bytes
        case .value(let value):
            do {
                return try ValueEncoder.value(of: value).json()
            } catch {
                throw .unencodable(error)
            }
        }
    }
}
