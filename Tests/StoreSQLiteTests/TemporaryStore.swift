import Foundation
import GRDB
import KeyManagement
import StoreSQLite
import Testing

/// A directory of its own for each test, removed with all that is in it when the test is over.
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

    /// Runs SQL on a connection of its own, which obeys no CHECK and no foreign key: somebody with an SQL shell.
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

    /// Runs SQL in another process, and answers what it prints.
    @discardableResult
    func shell(_ sql: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-batch", database, sql]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "sqlite3 says: \(text)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Records for one key with one active version.
struct Sample {
    let binding: TokenBinding
    let project: ProjectID
    let key: Sealed<KeyRecord>
    let version: Sealed<VersionRecord>

    static let blob = (0..<40).map { UInt8($0 ^ 0xA5) }

    init(name: String = "sample") throws {
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
                life: .active(WrappedKey(mechanism: .aesKW, epoch: .first, blob: Self.blob))),
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

    func store(in store: SQLiteKeyStore) async throws {
        try await store.initialize(binding: binding, project: project, credentials: [])
        try await store.insert(key, versions: [version], answer: nil)
    }

    /// The next revision, with the version in another life.
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
}
