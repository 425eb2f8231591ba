import AuditFiles
import FoundationEssentials
import HTTPServing
import IdentityJWT
import KMSClient
import KeyManagement
import Logging
import PKCS11
import TokenPKCS11

/// The configuration as the program uses it, with every value checked.
struct Configuration {
    let token: TokenConfiguration
    /// Further tokens with the same root keys.
    let replicas: [PKCS11URI]
    let isolation: TokenIsolation
    /// The environment of the token's own process: that of this process, and the settings in force.
    let tokenEnvironment: [String: String]
    let process: ProcessSettings
    let store: StoreLocation
    let recordCapacity: Int
    let recordLease: Duration
    let audit: AuditConfiguration
    let rules: KeyRules
    let limits: RateLimits
    let identities: JWTConfiguration?
    let schedulerInterval: Duration
    let api: APIConfiguration
    /// The listener of the health routes; nil if they have none of their own.
    let health: HealthConfiguration?
    let logLevel: Logger.Level
    let logFormat: LogFormat
    /// The most bytes of log lines that may wait to be written.
    let logQueueBytes: Int

    enum LogFormat: String, CaseIterable {
        case json
        case text
    }

    init(_ settings: Settings) throws(Failure) {
        token = TokenConfiguration(
            uri: try Self.uri(settings),
            workers: try settings.required(.tokenWorkers).text == "auto"
                ? nil : try settings.number(.tokenWorkers, in: 1...1024),
            queueLimit: try settings.number(.tokenQueueLimit, in: 1...1_000_000),
            deadline: try settings.duration(.tokenDeadline),
            generationDeadline: try settings.duration(.tokenGenerationDeadline),
            handleCapacity: try settings.number(.tokenHandleCapacity, in: 1...1_000_000),
            hangLimit: try settings.number(.tokenHangLimit, in: 0...1024))
        replicas = try Self.replicas(settings)
        isolation = try settings.choice(
            .tokenIsolation, among: TokenIsolation.allCases.map(\.rawValue), TokenIsolation.init(rawValue:))
        tokenEnvironment = try ProcessTexts.environment().merging(settings.environment) { $1 }
        _ = try settings.bool(.tokenNetwork)
        _ = try settings.bool(.tokenLocalSockets)
        process = try ProcessSettings(settings)
        store = try StoreLocation(settings)
        recordCapacity = try settings.number(.storeRecordCapacity, in: 1...10_000_000)
        recordLease = try settings.duration(.storeRecordLease)
        audit = try Self.audit(settings)
        rules = KeyRules(
            standardDestructionDays: try settings.number(
                .keysDestructionDays, in: 0...KeyRules.maxDestructionDays),
            minDestructionDays: try settings.number(
                .keysLeastDestructionDays, in: 0...KeyRules.maxDestructionDays),
            importJobLifetime: try settings.duration(.keysImportLifetime, atMostHours: 24 * 7),
            allowsUnlistedPrincipals: try settings.bool(.authUnlistedPrincipals))
        limits = try Self.limits(settings)
        identities = try Self.identities(settings)
        schedulerInterval = try settings.duration(.schedulerInterval)
        let tls = try settings.tls()
        var api = APIConfiguration(
            host: try Self.host(settings, hasTLS: tls != nil),
            port: try settings.number(.serverPort, in: 0...65535),
            maxBodyBytes: try settings.number(.serverMaxBody, in: 1024...16_777_216),
            maxBatchBytes: try settings.number(.serverMaxBatch, in: 1024...268_435_456),
            maxConnections: try settings.number(.serverMaxConnections, in: 1...100_000),
            drainTimeout: try settings.duration(.serverDrainTimeout),
            tls: tls)
        api.failedAttempts = try settings.number(.authFailedAttempts, in: 1...1_000_000)
        try Self.readConnectionLimits(settings, into: &api)
        self.api = api
        health = try Self.health(settings)
        logLevel = try settings.choice(
            .logLevel, among: Logger.Level.allCases.map(\.rawValue), { Logger.Level(rawValue: $0) })
        logFormat = try settings.choice(
            .logFormat, among: LogFormat.allCases.map(\.rawValue), { LogFormat(rawValue: $0) })
        logQueueBytes = try settings.number(.logQueueBytes, in: 4096...1_073_741_824)
    }

    /// Returns the limits in operations per second; 0 means no limit.
    private static func limits(_ settings: Settings) throws(Failure) -> RateLimits {
        let subject: [(WorkClass, Setting)] = [
            (.management, .limitsSubjectManagement), (.symmetric, .limitsSubjectSymmetric), (.rsa, .limitsSubjectRSA),
            (.ec, .limitsSubjectEC),
        ]
        let project: [(WorkClass, Setting)] = [
            (.management, .limitsProjectManagement), (.symmetric, .limitsProjectSymmetric), (.rsa, .limitsProjectRSA),
            (.ec, .limitsProjectEC),
        ]
        func rates(_ pairs: [(WorkClass, Setting)]) throws(Failure) -> [WorkClass: Int] {
            var rates: [WorkClass: Int] = [:]
            for (work, setting) in pairs {
                let rate = try settings.number(setting, in: 0...10_000_000)
                if rate > 0 { rates[work] = rate }
            }
            return rates
        }
        return RateLimits(perSubject: try rates(subject), perProject: try rates(project))
    }

    private static func replicas(_ settings: Settings) throws(Failure) -> [PKCS11URI] {
        let entry = try settings.required(.tokenReplicas)
        var uris: [PKCS11URI] = []
        // A URI contains no space (RFC 3986 §2).
        for text in entry.text.split(whereSeparator: \.isWhitespace) {
            do throws(PKCS11URIError) {
                uris.append(try PKCS11URI(String(text)))
            } catch {
                throw Failure(.configuration, "token.replicas (\(entry.origin)): \(error)")
            }
        }
        return uris
    }

    /// Returns the token's URI alone, for commands that need nothing else.
    static func uri(_ settings: Settings) throws(Failure) -> PKCS11URI {
        let entry = try settings.required(.tokenURI)
        do throws(PKCS11URIError) {
            return try PKCS11URI(entry.text)
        } catch {
            throw Failure(.configuration, "token.uri (\(entry.origin)): \(error)")
        }
    }

    /// Returns the host to listen on. Without TLS, the service listens on loopback only, unless plaintext is explicitly allowed.
    private static func host(_ settings: Settings, hasTLS: Bool) throws(Failure) -> String {
        let host = try settings.required(.serverHost).text
        let allowsPlaintext = try settings.bool(.serverAllowPlaintext)
        guard hasTLS || Loopback.isLoopback(host) || allowsPlaintext else {
            throw Failure(
                .configuration,
                "server.host is \(host), but the service speaks plain HTTP: keys and tokens would cross the network "
                    + "readable. Set server.tls-certificate and server.tls-key, put a TLS proxy in front of 127.0.0.1, or set "
                    + "server.allow-plaintext-network: true")
        }
        return host
    }
}
