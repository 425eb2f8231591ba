import HTTPTypes
import HummingbirdCore
import JSONText
import NIOCore

extension HTTPServerBuilder {
    /// Builds HTTP/1.1 with the limits of the configuration. With TLS, building the server fails if its files are broken.
    static func api(_ configuration: APIConfiguration, log: RequestLog) -> HTTPServerBuilder {
        let readTimeout = TimeAmount(configuration.readTimeout)
        let writeTimeout = TimeAmount(configuration.writeTimeout)
        let maxBodyBytes = configuration.maxBodyBytes
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                MalformedRequest(log: log), ReadDeadline(timeout: readTimeout), WriteDeadline(timeout: writeTimeout),
            ],
            idleTimeout: TimeAmount(configuration.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: configuration.maxHeaderBytes,
                maxHeaderListSize: configuration.maxHeaderListBytes,
                maxHeaderFieldCount: configuration.maxHeaderCount))
        return HTTPServerBuilder { responder in
            let http = HTTP1Channel(
                responder: { request, writer, channel in
                    if request.awaitsContinue(upTo: maxBodyBytes) {
                        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                    }
                    try await responder(request, writer, channel)
                },
                configuration: channel)
            let tls = try configuration.tls.map { settings in
                APIChannel.TLS(
                    settings: settings, context: try TLSContext(settings, logger: log.logger))
            }
            return APIChannel(
                http: http, tls: tls,
                counts: ConnectionCounts(limit: configuration.connectionsPerSource, logger: log.logger),
                headTimeout: TimeAmount(configuration.headTimeout))
        }
    }
}

extension Request {
    /// Returns true if the client holds its body back until it receives `100 Continue` (RFC 9110 §10.1.1), and the announced body is not
    /// longer than `limit`. A longer one gets its 413 instead.
    func awaitsContinue(upTo limit: Int) -> Bool {
        guard let expectation = headers[.expect] else { return false }
        guard expectation.lowercased() == "100-continue" else { return false }
        guard let announced = headers[.contentLength].flatMap({ Int($0) }) else { return true }
        return announced <= limit
    }
}
