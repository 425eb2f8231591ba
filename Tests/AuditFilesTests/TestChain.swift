import Crypto
import Foundation
import KMSTesting
import KeyManagement
import Logging
import Synchronization

@testable import AuditFiles

/// A folder with audit files, and a key that signs them.
final class TestChain: Sendable {
    let folder: String
    let signer = MemorySigner()

    var audit: String { folder + "/audit" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-audit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func file(_ number: UInt64) -> String { "\(audit)/\(AuditFolder.name(of: number))" }

    func open(
        _ found: FoundChain? = nil, _ change: (inout AuditConfiguration) -> Void = { _ in }
    ) async throws -> AuditTrail {
        var configuration = AuditConfiguration(directory: audit, version: "1.0", tokenLabel: "kms")
        change(&configuration)
        return try await AuditTrail.open(
            configuration, found: found, signer: signer, clock: ManualClock(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Opens the chain, appends `count` entries one after the other, and closes it.
    func write(_ count: Int, _ change: (inout AuditConfiguration) -> Void = { _ in }) async throws {
        let trail = try await open(nil, change)
        for number in 1...count { try await trail.append(Self.entry(number)) }
        await trail.close()
    }

    func verify(
        published: [String] = [], keys: [PublicKeyInfo]? = nil, final: Bool = false, from first: UInt64 = 1
    ) throws -> AuditReport {
        var verifier = try AuditVerifier(directory: audit, publicKeys: keys ?? [signer.publicKey])
        verifier.published = published
        verifier.requiresFinalCheckpoint = final
        verifier.firstFile = first
        return try verifier.verify()
    }

    func bytes(_ number: UInt64 = 1) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(number)))) }

    func replace(_ number: UInt64 = 1, with bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: file(number)))
    }

    func lines(_ number: UInt64 = 1) throws -> [String] {
        String(decoding: try bytes(number), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func replace(_ number: UInt64 = 1, lines: [String]) throws {
        try replace(number, with: Array((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// Appends lines with the right numbers and hashes, as anybody can.
    func append(_ contents: [AuditLine.Content], file: UInt64 = 1, after head: ChainHead? = nil) throws {
        let lines = try lines(file)
        let last = try lines.last.map { try AuditLine(bytes: Array($0.utf8)) }
        var batch = Batch(
            after: head
                ?? ChainHead(
                    chain: [], file: file, length: 0, number: last?.number ?? 0,
                    hash: ChainHash(of: Array((lines.last ?? "").utf8)), entries: 0))
        for content in contents { _ = batch.add(LineBody(.record, content.body)) }
        try replace(file, with: try bytes(file) + batch.bytes)
    }

    /// Returns the error for a line.
    func broken(_ file: UInt64, _ line: Int, _ reason: String) -> AuditOpenError {
        .broken(file: AuditFolder(path: audit).path(of: file), line: line, reason: reason)
    }

    static func entry(_ number: Int) -> AuditEntry {
        AuditEntry(
            time: Timestamp(milliseconds: 1_767_225_600_000 + Int64(number)), requestID: "request-\(number)",
            subject: try? SubjectID("alice"), verb: "encrypt", outcome: .succeeded, code: "SUCCESS", reason: "role user"
        )
    }

    static func change(_ kind: String, _ id: String, _ revision: UInt64, _ outcome: AuditEntry.Outcome) -> AuditEntry {
        var entry = entry(Int(revision))
        entry.outcome = outcome
        entry.changes = [
            AuditEntry.ChangedRecord(
                kind: kind, id: id, revision: revision, digest: [UInt8](repeating: UInt8(revision), count: 32))
        ]
        return entry
    }

    /// Returns an entry with every field, and with characters that must be escaped.
    static func fullEntry() -> AuditEntry {
        var entry = change("key", "a\u{7F}\"b\\", 7, .denied)
        entry.reason = "line\nfeed, tab\t, return\r, nul\0, \u{1B}[31m, ü, 🔑"
        entry.authentication = "token:abc"
        entry.source = "192.0.2.1"
        entry.project = try? ProjectID("default")
        entry.key = KeyID(bytes: Array(0..<16))
        entry.version = VersionNumber(3)
        entry.uses = [
            .init(key: KeyID(bytes: Array(1..<17)), version: VersionNumber(1), succeeded: 4, failed: 0),
            .init(key: nil, version: nil, succeeded: 0, failed: 2),
        ]
        entry.contextDigest = [UInt8](repeating: 0xAB, count: 32)
        entry.details = ["target": "bob", "a": "", "z\"": "\\"]
        return entry
    }
}

/// A signer that uses swift-crypto.
final class MemorySigner: CheckpointSigner {
    private let key = P256.Signing.PrivateKey()
    private let failures = Mutex(0)

    var publicKey: PublicKeyInfo { PublicKeyInfo(der: Array(key.publicKey.derRepresentation)) }
    var pem: String { key.publicKey.pemRepresentation }

    /// Makes the next signings fail.
    func fail(times: Int) { failures.withLock { $0 = times } }

    func sign(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        let fails = failures.withLock { failures in
            guard failures > 0 else { return false }
            failures -= 1
            return true
        }
        if fails { throw .unavailable("test") }
        do {
            return Array(try key.signature(for: GivenDigest(bytes: digest)).rawRepresentation)
        } catch {
            throw .failed("\(error)")
        }
    }
}

/// A digest that was computed elsewhere.
struct GivenDigest: Digest {
    static let byteCount = 32
    let bytes: [UInt8]

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try bytes.withUnsafeBytes(body)
    }

    func makeIterator() -> Array<UInt8>.Iterator { bytes.makeIterator() }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
    static func == (lhs: GivenDigest, rhs: GivenDigest) -> Bool { lhs.bytes == rhs.bytes }
    var description: String { "digest" }
}

extension AuditReader {
    /// Returns the request ids of all operations, in order.
    func requests() throws -> [String] {
        var requests: [String] = []
        try forEachLine { line in
            if case .operation(let entry) = line.content { requests.append(entry.requestID) }
            return true
        }
        return requests
    }
}

enum Shell {
    /// Runs a shell command, which must succeed, and returns its output.
    static func run(_ command: String) throws -> String {
        let output = FileManager.default.temporaryDirectory.path + "/hsm-kms-shell-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let child = try ChildProcess(
            "/bin/bash", ["-euo", "pipefail", "-c", command], environment: ProcessInfo.processInfo.environment,
            output: output, errors: output)
        let status = child.wait()
        let text = try String(contentsOf: URL(filePath: output), encoding: .utf8)
        guard status == 0 else { throw ShellFailure(status: status, text: text) }
        return text
    }
}

struct ShellFailure: Error {
    let status: Int32
    let text: String
}
