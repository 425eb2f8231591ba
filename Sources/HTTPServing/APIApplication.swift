import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Hummingbird's application with a bound on its graceful shutdown.
struct APIApplication: ApplicationProtocol {
    let application: Application<RouterResponder<APIContext>>
    let drainTimeout: Duration

    init(
        responder: RouterResponder<APIContext>, configuration: APIConfiguration, log: RequestLog,
        onReady: @escaping @Sendable (Int) async -> Void
    ) {
        drainTimeout = configuration.drainTimeout
        let logger = log.logger
        application = Application(
            responder: responder,
            server: .api(configuration, log: log),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maxConnections, logger: logger)),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                await onReady(port)
            },
            logger: logger)
    }

    var responder: RouterResponder<APIContext> { application.responder }
    var server: HTTPServerBuilder { application.server }
    var configuration: ApplicationConfiguration { application.configuration }
    var logger: Logger { application.logger }

    func onServerRunning(_ channel: any Channel) async {
        await application.onServerRunning(channel)
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                try await application.run()
                return .drained
            }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: drainTimeout)
                return .late
            }
            let ending = try await group.next()
            // Cancels the waiting task, or the requests. A request that is in the token is not interrupted: it returns at the token's own
            // deadline, and the group waits for it.
            group.cancelAll()
            guard ending == .late else { return }
            logger.warning("requests were still running when the time to shut down was over; they are cancelled")
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    private enum Ending {
        case drained
        case late
    }
}
