import Logging
import NIOCore
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The certificates in force. New connections take those that the files have; connections that are open keep theirs.
///
/// Files that are broken, or of which only one half was replaced yet, change nothing: what worked goes on working, and
/// the log says why.
final class TLSContext: Sendable {
    private struct State {
        var context: NIOSSLContext
        /// The files as they were tried last, good or not.
        var seen: [FileStamp?]
        var lookedAt: ContinuousClock.Instant
    }

    private let settings: TLSSettings
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// How long the files are taken to be as they were.
    static let interval = Duration.seconds(1)

    /// - Throws: what is wrong with the files.
    init(
        _ settings: TLSSettings, logger: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws {
        self.settings = settings
        self.logger = logger
        self.now = now
        // The stamps first: what is replaced while it is read is read again.
        let seen = settings.files.map(FileStamp.init)
        state = Mutex(State(context: try settings.makeContext(), seen: seen, lookedAt: now()))
    }

    /// The context for a new connection.
    var current: NIOSSLContext {
        reloadIfChanged()
        return state.withLock { $0.context }
    }

    /// Reads the files again when they are not those that were read last. Looks at most once a second.
    func reloadIfChanged() {
        let moment = now()
        let outcome: Result<Void, any Error>? = state.withLock { state in
            guard moment - state.lookedAt >= Self.interval else { return nil }
            state.lookedAt = moment
            let stamps = settings.files.map(FileStamp.init)
            guard stamps != state.seen else { return nil }
            state.seen = stamps
            return Result { state.context = try settings.makeContext() }
        }
        switch outcome {
        case nil: break
        case .success: logger.notice("the TLS certificates were replaced")
        case .failure(let error):
            logger.error(
                "the new TLS certificates cannot be used; the former ones stay in force",
                metadata: ["detail": "\(error)"])
        }
    }
}

/// By what it is told that a file was replaced.
private struct FileStamp: Equatable {
    let inode: UInt64
    let size: Int64
    let seconds: Int64
    let nanoseconds: Int64

    /// Nil when there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
}

extension TLSSettings {
    /// Reads the files and throws what is wrong with them.
    public func check() throws {
        _ = try makeContext()
    }

    var files: [String] { [certificateChain, privateKey] + (clientAuthorities.map { [$0] } ?? []) }

    /// Reads the files.
    func makeContext() throws -> NIOSSLContext {
        let chain = try reading(certificateChain) { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try reading(privateKey) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        guard !chain.isEmpty else { throw TLSFailure.unreadable(certificateChain, "it has no certificate in it") }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = minimumVersion == .tls12 ? .tlsv12 : .tlsv13
        configuration.applicationProtocols = ["http/1.1"]
        configuration.renegotiationSupport = .none
        // How long a client is waited for that does not answer the end of TLS.
        configuration.shutdownTimeout = .seconds(1)
        switch clientCertificates {
        case .none: configuration.certificateVerification = .none
        case .optional: configuration.certificateVerification = .optionalVerification
        case .required: configuration.certificateVerification = .noHostnameVerification
        }
        if clientCertificates != .none {
            guard let clientAuthorities else { throw TLSFailure.noClientAuthorities }
            let authorities = try reading(clientAuthorities) { try NIOSSLCertificate.fromPEMFile($0) }
            guard !authorities.isEmpty else {
                throw TLSFailure.unreadable(clientAuthorities, "it has no certificate in it")
            }
            configuration.trustRoots = .certificates(authorities)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSFailure.noPair(certificate: certificateChain, key: privateKey, "\(error)")
        }
    }

    private func reading<Value>(_ file: String, _ read: (String) throws -> Value) throws(TLSFailure) -> Value {
        do {
            return try read(file)
        } catch {
            throw .unreadable(file, "\(error)")
        }
    }
}

/// Why there is no TLS with these files.
enum TLSFailure: Error, CustomStringConvertible {
    case unreadable(String, String)
    case noPair(certificate: String, key: String, String)
    case noClientAuthorities

    var description: String {
        switch self {
        case .unreadable(let file, let detail): "\(file) cannot be used: \(detail)"
        case .noPair(let certificate, let key, let detail):
            "\(certificate) and \(key) cannot be used together; is it the certificate's key? \(detail)"
        case .noClientAuthorities: "client certificates are asked for, but no file says of which authorities"
        }
    }
}
