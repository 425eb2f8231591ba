import Foundation
import GRDB
import KMSTesting
import KeyManagement
import Logging
import SecretMemory
import StoreSQLite
import Testing

/// A service on a token in memory and a real database, in a directory of its own that is removed with it.
///
/// It caches no record for any time, so that every change of the database takes effect at once.
final class Service: Sendable {
    let directory: String
    let token: MemoryToken
    let clock: ManualClock
    let store: SQLiteKeyStore
    let audit = MemoryAuditLog()
    let kms: KeyService
    let bearers: [Role: BearerToken]
    /// The token of the platform administrator.
    let administratorBearer: BearerToken

    var database: String { directory + "/kms.sqlite" }

    init() async throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("kms-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        token = MemoryToken()
        clock = ManualClock()
        store = try SQLiteKeyStore.open(path: directory + "/kms.sqlite", access: .create)
        kms = KeyService(
            token: token, store: store, audit: audit, clock: clock, recordLease: .zero, logger: Self.logger)
        let people = try Role.allCases.map { FirstSubject(subject: try SubjectID($0.rawValue), role: $0) }
        let admin = FirstSubject(subject: try SubjectID("admin"), role: nil, isAdministrator: true)
        let directory = try await kms.prepareDirectory(people + [admin], of: Self.shop)
        try await kms.initializeStore(with: directory)
        bearers = Dictionary(uniqueKeysWithValues: zip(Role.allCases, directory.tokens))
        administratorBearer = directory.tokens[3]
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Returns a second process, as far as the service can tell: the same token and file, but no memory of its own.
    func restarted(store: (any KeyStore)? = nil) -> KeyService {
        KeyService(
            token: token, store: store ?? self.store, audit: audit, clock: clock, recordLease: .zero,
            logger: Self.logger)
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static var shop: ProjectID { get throws { try ProjectID("shop") } }
    static var bank: ProjectID { get throws { try ProjectID("bank") } }

    func caller(_ role: Role, in project: ProjectID? = nil) throws -> Caller {
        Caller(subject: try SubjectID(role.rawValue), project: try project ?? Self.shop, role: role)
    }

    var manager: Caller { get throws { try caller(.manager) } }

    /// The platform administrator.
    var administrator: Principal {
        get throws {
            Principal(
                profile: Profile(
                    subject: try SubjectID("admin"), kind: .subject(.user), isAdministrator: true))
        }
    }

    /// The same, in the project `shop`.
    var administratorInShop: Caller { get throws { Caller(try administrator, in: try Self.shop) } }

    /// Makes a key and rotates it until it has `versions` versions.
    @discardableResult
    func key(
        _ name: String = "payments", _ algorithm: KeyAlgorithm = .aes256GCM96, versions: Int = 1,
        for usage: KeyUsage? = nil
    ) async throws -> KeyRecord {
        var key = try await kms.make(
            CreateKeyRequest(
                name: try KeyName(name), algorithm: algorithm, usage: usage, staysInPreActivation: versions == 0),
            by: try manager)
        for _ in 1..<max(1, versions) { key = try await kms.rotate(.id(key.id), by: try manager) }
        return key
    }

    func encrypt(_ text: String, under key: KeyRecord, context: EncryptionContext = .empty) async throws -> Ciphertext {
        try await kms.encrypt(
            SecretBytes(copying: Array(text.utf8)), under: .id(key.id), context: context, by: try manager)
    }

    func decrypt(_ ciphertext: Ciphertext?, context: EncryptionContext = .empty) async throws -> String {
        let decrypted = try await kms.decrypt(ciphertext, context: context, by: try manager)
        return decrypted.plaintext.text
    }

    /// Runs SQL on the same database, as an attacker with the file does: no CHECK and no foreign key prevents it.
    func sql(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try connection { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try db.execute(sql: sql, arguments: arguments)
        }
    }

    func connection<Result>(_ body: (Database) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: database, configuration: configuration)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { db in
            try RecordTable.create(in: db)
            return try body(db)
        }
    }
}

extension KeyService {
    /// Authenticates a bearer token, and returns its subject as a caller in the project that the token names.
    func authenticate(bearer: String?, requestID: String) async throws -> Caller {
        let found = try await authenticate(AuthenticationRequest(bearer: bearer, requestID: requestID))
        return Caller(found.principal, in: try #require(found.project))
    }
}

extension BearerToken {
    var text: String { withText { String(decoding: $0, as: UTF8.self) } }
}

extension SecretBytes {
    var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

/// Returns the error of a call that must fail; nil, and an issue, if it succeeded.
func refusal<Value>(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    of body: () async throws -> Value
) async -> KMSError? {
    do {
        _ = try await body()
        Issue.record(comment ?? "was not refused", sourceLocation: sourceLocation)
    } catch let error as KMSError {
        return error
    } catch {
        Issue.record("\(comment?.rawValue ?? ""): \(error)", sourceLocation: sourceLocation)
    }
    return nil
}
