import Foundation
import GRDB
import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

/// A separate directory for each test, removed with its contents when the test is over.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("kms-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var database: String { path + "/kms.sqlite" }

    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func open(_ access: SQLiteKeyStore.Access = .create) throws -> SQLiteKeyStore {
        try SQLiteKeyStore.open(path: database, access: access)
    }

    /// Runs SQL on a connection that enforces no CHECK and no foreign key, as an attacker with an SQL shell does.
    func tamper(_ sql: String, arguments: StatementArguments = StatementArguments()) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: database, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try db.execute(sql: sql, arguments: arguments)
        }
        try queue.close()
    }

    /// Returns the number of these byte sequences of which at least a piece of 16 bytes is in the files.
    func traces(of blobs: [[UInt8]]) throws -> Int {
        let contents = try files.map { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)")) }
        var pieces: Set<Data> = []
        for blob in blobs { for piece in Self.pieces(of: blob) { pieces.insert(piece) } }
        var heads: [UInt64: [Data]] = [:]
        for piece in pieces { heads[Self.head(piece), default: []].append(piece) }
        var found: Set<Data> = []
        for content in contents where content.count >= 16 {
            content.withUnsafeBytes { bytes in
                for offset in 0...(bytes.count - 16) {
                    guard let candidates = heads[bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)] else {
                        continue
                    }
                    let piece = Data(bytes[offset..<offset + 16])
                    if candidates.contains(piece) { found.insert(piece) }
                }
            }
        }
        return blobs.count { blob in Self.pieces(of: blob).contains { found.contains($0) } }
    }

    private static func pieces(of blob: [UInt8]) -> [Data] {
        let starts = Array(stride(from: 0, through: blob.count - 16, by: 16)) + [blob.count - 16]
        return starts.map { Data(blob[$0..<$0 + 16]) }
    }

    private static func head(_ piece: Data) -> UInt64 {
        piece.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    /// Reads in a transaction that stays open, and returns the function that ends it.
    func holdSnapshot() throws -> () throws -> Void {
        try hold("BEGIN; SELECT count(*) FROM document")
    }

    /// Begins a write in a transaction that stays open, and returns the function that ends it.
    func holdLock() throws -> () throws -> Void {
        try hold("BEGIN IMMEDIATE")
    }

    private func hold(_ sql: String) throws -> () throws -> Void {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: database, configuration: configuration)
        try holder.writeWithoutTransaction { db in try db.execute(sql: sql) }
        return {
            try holder.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
            try holder.close()
        }
    }

    /// Runs SQL in another process, and returns its output.
    @discardableResult
    func shell(_ sql: String) throws -> String {
        let (status, output) = try ChildProcess.run(
            "/usr/bin/sqlite3", ["-batch", database, sql], environment: ProcessInfo.processInfo.environment)
        let text = String(decoding: output, as: UTF8.self)
        try #require(status == 0, "sqlite3 says: \(text)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The records for one key with one active version.
struct Sample {
    let binding: TokenBinding
    let project: ProjectID
    let key: Sealed<KeyRecord>
    let version: Sealed<VersionRecord>

    static let blob = (0..<40).map { UInt8($0 ^ 0xA5) }

    init(
        name: String = "sample", wrapped: WrappedKey = WrappedKey(mechanism: .aesKW, epoch: .first, blob: blob),
        checkValue: CheckValue? = nil
    ) throws {
        let time = Timestamp(milliseconds: 1_767_225_600_000)
        let seal = Seal(epoch: .first, code: [UInt8](repeating: 7, count: 32))
        let id = KeyID()
        project = try ProjectID("shop")
        binding = TokenBinding(
            label: "token", serialNumber: "1", epoch: .first, checkValue: [UInt8](repeating: 1, count: 32),
            createdAt: time)
        version = Sealed(
            unverified: VersionRecord(
                id: VersionID(key: id, number: .first), project: project, algorithm: .aes256GCM96,
                usage: .encryptDecrypt,
                origin: .generated, createdAt: time, changedAt: time, stateCounter: 1,
                life: .active(wrapped), checkValue: checkValue),
            seal: seal)
        key = Sealed(
            unverified: KeyRecord(
                id: id, project: project, name: try KeyName(name), description: .none, algorithm: .aes256GCM96,
                usage: .encryptDecrypt, origin: .generated, availability: .enabled,
                versions: VersionLedger([.init(state: .active, counter: 1)]),
                revision: 1, createdAt: time, changedAt: time),
            seal: seal)
    }

    var id: KeyID { key.unverified.id }

    /// Returns a document of the directory, whose content does not matter to the store.
    static func document(_ kind: DirectoryKind, _ name: String, revision: UInt64 = 1) -> Sealed<DirectoryDocument> {
        Sealed(
            unverified: DirectoryDocument(kind: kind, key: name, parent: "", revision: revision, content: [1, 2, 3]),
            seal: Seal(epoch: .first, code: [UInt8](repeating: 7, count: 32)))
    }

    func store(in store: SQLiteKeyStore) async throws {
        try await store.initialize(binding: binding, directory: [Self.document(.project, project.text)])
        try await store.insert(key, versions: [version], answer: nil)
    }

    /// Returns the next revision, with the version in another state.
    func moved(to life: VersionLife) -> KeyChange {
        var record = version.unverified
        record.life = life
        record.stateCounter += 1
        return KeyChange(key: renewed().key, updated: [Sealed(unverified: record, seal: version.seal)])
    }

    func renewed() -> KeyChange {
        var record = key.unverified
        record.revision += 1
        return KeyChange(key: Sealed(unverified: record, seal: key.seal))
    }

    var tombstone: Sealed<KeyTombstone> {
        let record = key.unverified
        return Sealed(
            unverified: KeyTombstone(
                id: id, project: project, name: record.name, recordDigest: [UInt8](repeating: 2, count: 32),
                deletedAt: record.changedAt),
            seal: key.seal)
    }

    func importJob(blob: [UInt8]) throws -> Sealed<ImportJob> {
        let time = key.unverified.createdAt
        return Sealed(
            unverified: ImportJob(
                id: ImportJobID(), project: project, subject: try SubjectID("importer"), wrappingAlgorithm: .rsa4096,
                method: .oaepSHA256, publicKey: PublicKeyInfo(der: [1, 2, 3]),
                wrapped: WrappedKey(mechanism: .aesKWP, epoch: .first, blob: blob), createdAt: time, expiresAt: time),
            seal: key.seal)
    }

    func alias(_ name: String, revision: UInt64 = 1) throws -> Sealed<AliasRecord> {
        Sealed(
            unverified: AliasRecord(
                project: project, name: try KeyName(name), key: id, revision: revision,
                changedAt: key.unverified.createdAt),
            seal: key.seal)
    }

    func answer(_ byte: UInt8, count: Int = 10) -> Sealed<IdempotentAnswer> {
        Sealed(
            unverified: IdempotentAnswer(
                id: IdempotentRequestID(bytes: [UInt8](repeating: byte, count: 32)),
                requestDigest: [UInt8](repeating: 4, count: 32), answer: [UInt8](repeating: 5, count: count),
                createdAt: key.unverified.createdAt),
            seal: key.seal)
    }
}

/// Bytes that resemble those of wrapped keys, reproducible for the same seed.
final class RandomBlobs {
    var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    func blob(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }

    func chance(of one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }

    /// SplitMix64, which works with any seed.
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
