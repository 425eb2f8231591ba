import Glibc
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificates in force. New connections use those in the files; open connections keep theirs.
///
/// Files that are broken, or only partly replaced, change nothing. The former certificates stay in force, and the log reports the reason.
final class TLSContext: Sendable {
    private struct State {
        var context: NIOSSLContext
        /// The stamps of the files that were tried last, valid or not.
        var seen: [FileStamp?]
        var lookedAt: ContinuousClock.Instant
    }

    private let settings: TLSSettings
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// The time for which the files are assumed to be unchanged.
    static let interval = Duration.seconds(1)

    /// Reads the files.
    ///
    /// - Throws: an error that describes what is wrong with the files.
    init(
        _ settings: TLSSettings, logger: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws {
        self.settings = settings
        self.logger = logger
        self.now = now
        // The stamps are taken first, so that a file that is replaced while it is read is read again.
        let seen = settings.files.map(FileStamp.init)
        state = Mutex(State(context: try settings.makeContext(), seen: seen, lookedAt: now()))
    }

    /// The context for a new connection.
    var current: NIOSSLContext {
        reloadIfChanged()
        return state.withLock { $0.context }
    }

    /// Reads the files again if they have changed since they were last read. Checks at most once a second.
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

/// The attributes by which a replaced file is recognised.
private struct FileStamp: Equatable {
    let inode: UInt64
    let size: Int64
    let seconds: Int64
    let nanoseconds: Int64

    /// Reads the attributes; returns nil if there is no such file.
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
    /// Reads the files and throws an error that describes what is wrong with them.
    package func check() throws {
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
        // The longest wait for a client that does not answer the end of TLS.
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

/// The reason why TLS cannot be used with these files.
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
