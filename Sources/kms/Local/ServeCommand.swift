import AWSKMSAPI
import ArgumentParser
import AuditFiles
import HTTPServing
import KMSAPI
import KeyManagement
import Logging
import ServiceLifecycle
import TokenPKCS11
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the service.",
        discussion: """
            Requires a token whose root keys keep the rules and a store that belongs to it. SIGTERM and SIGINT let running requests finish \
            and then stop the service. A wrong PIN ends the process at once with exit code 3. Configure the supervisor not to restart it \
            then (systemd: RestartPreventExitStatus=3), because wrong PINs lock the token.

            Example: kms serve --config /etc/kms/kms.yaml
            """)

    @Option(help: "The address to listen on, instead of the configured one.")
    var host: String?

    @Option(help: "The port to listen on, instead of the configured one; 0 for any free port.")
    var port: Int?

    @Option(help: "The log level: trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "The log format: json or text.")
    var logFormat: String?

    @Flag(help: "Serve a store older than the audit log, such as a restored backup. The audit log records it.")
    var acceptOlderStore = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let configuration = try Configuration(try options.settings(flags))
            let logger = LineLogHandler.servingLogger(configuration)
            try ConnectionRoom.expectRoomToStart(
                wanted: configuration.api.maxConnections, workers: configuration.token.workers,
                besides: configuration.health?.maxConnections ?? 0)
            let opened = try await OpenService.open(
                configuration, storeAccess: .existing, chain: .service, logger: logger)
            do {
                try await serve(opened, configuration, logger)
            } catch {
                try await opened.close()
                throw error
            }
            try await opened.close()
            logger.info("stopped")
            await StandardError.flush()
        }
    }

    private func serve(_ opened: OpenService, _ configuration: Configuration, _ logger: Logger) async throws {
        try await opened.checkStore(acceptingOlder: acceptOlderStore)
        try await opened.service.adoptRoots()
        let identity = opened.token.identity
        logger.info(
            "token opened",
            metadata: [
                "token": "\(identity.label)", "serial": "\(identity.serialNumber)", "epoch": "\(identity.epoch)",
                "workers": "\(opened.token.workerCount)",
                "wrap": "\(opened.token.wrapMechanism?.rawValue ?? "-")",
                "algorithms": "\(opened.token.algorithms.map(\.rawValue).sorted().joined(separator: ","))",
            ])
        var apiConfiguration = configuration.api
        apiConfiguration.maxConnections = try ConnectionRoom.connections(
            wanted: configuration.api.maxConnections, workers: opened.token.workerCount,
            besides: configuration.health?.maxConnections ?? 0, logger: logger)
        let host = configuration.api.host
        let format = configuration.logFormat
        let api = makeServer(
            of: [AWSDoor(service: opened.service), NativeDoor(service: opened.service)], service: opened.service,
            configuration: apiConfiguration, logger: logger,
            onReady: { port in logger.info("listening", metadata: ["host": "\(host)", "port": "\(port)"]) },
            requestLog: { LineLogHandler.write(format, $0, "request", $1) }, degradation: Self.degradation)
        let scheduler = Scheduler(service: opened.service, interval: configuration.schedulerInterval)
        let rewrapper = Rewrapper(service: opened.service)
        let health: [any ServiceLifecycle.Service] =
            configuration.health.map { health in
                [
                    makeHealthAPI(
                        service: opened.service, configuration: health, logger: logger, degradation: Self.degradation,
                        onReady: { port in
                            logger.info(
                                "health routes listening", metadata: ["host": "\(health.host)", "port": "\(port)"])
                        })
                ]
            } ?? []
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    opened.audit, BackgroundService { await scheduler.run() },
                    BackgroundService { await rewrapper.run() },
                    BackgroundService { try await opened.storeWitness().watch() },
                    BackgroundService { try await opened.audit.checkBeginning() },
                ] + health + [api],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await group.run()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.configuration, "the service cannot run on \(host) port \(configuration.api.port): \(error)")
        }
    }

    /// Returns the reason why the service works but needs attention; nil if there is none.
    @Sendable private static func degradation() -> String? {
        let lost = StandardError.lostLines
        guard lost > 0 else { return nil }
        return "log lines are being lost, \(lost) so far, because standard error is not read"
    }

    /// A background task that runs until the service ends. If it fails, the service ends.
    private struct BackgroundService: ServiceLifecycle.Service {
        let body: @Sendable () async throws -> Void

        func run() async throws {
            do {
                try await cancelWhenGracefulShutdown { try await body() }
            } catch {
                // An error after cancellation carries no information.
                guard Task.isShuttingDownGracefully || Task.isCancelled else { throw error }
            }
            // A task that returns early must not end the service.
            try? await gracefulShutdown()
        }
    }

    private var flags: [Setting: String] {
        var flags: [Setting: String] = [:]
        flags[.serverHost] = host
        flags[.serverPort] = port.map(String.init)
        flags[.logLevel] = logLevel
        flags[.logFormat] = logFormat
        return flags
    }
}
