import FileEncryption
import Foundation
import KeyManagement

@testable import AuditFiles
@testable import FileEncryption
@testable import kms

extension FuzzTarget {
    static let fileTargets = [fileHeader, auditLine, backupManifest, custodyDocument]

    /// The header of an encrypted file, as it comes through a pipe.
    private static let fileHeader = FuzzTarget("file-header", samples: { [headerSample] }) {
        (bytes) throws(BrokenProperty) in
        let pipe = Pipe()
        // At most the capacity of a pipe, so that no reader is needed yet.
        pipe.fileHandleForWriting.write(Data(bytes.prefix(16384)))
        try? pipe.fileHandleForWriting.close()
        let input = FileInput(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "input")
        guard let header = try? FileEncryption.FileHeader(readFrom: input) else { return }
        try hold(bytes.starts(with: header.bytes), "a header has two encodings")
        try hold(header.byteCount <= 159 + EncryptionContext.maxEncodingLength, "a header of \(header.byteCount) bytes")
    }

    private static let headerSample: [UInt8] = {
        let key = [1] + [UInt8](repeating: 7, count: 16) + [0, 0, 0, 1] + [UInt8](repeating: 9, count: 60)
        guard let context = try? EncryptionContext(["file": "a"]), let wrapped = Ciphertext(bytes: key),
            let size = ChunkSize(exponent: 16)
        else { return [] }
        let (salt, mac) = ([UInt8](repeating: 3, count: 32), [UInt8](repeating: 4, count: 32))
        return FileEncryption.FileHeader(chunkSize: size, salt: salt, context: context, mac: mac, wrappedKey: wrapped)
            .bytes + [1, 2, 3]
    }()

    /// A line of the audit log.
    private static let auditLine = FuzzTarget("audit-line", samples: { auditSamples }) {
        (bytes) throws(BrokenProperty) in
        _ = LineLink(operation: bytes)
        guard let line = try? AuditLine(bytes: bytes) else { return }
        try hold(line.bytes == bytes, "a line has two encodings")
        try hold((try? JSONSerialization.jsonObject(with: Data(bytes))) != nil, "a line that is no JSON")
    }

    private static let auditSamples: [[UInt8]] = {
        let zero = ChainHash(of: [UInt8]())
        let time = Timestamp(milliseconds: 1_800_000_000_123)
        var entry = AuditEntry(
            time: time, requestID: "r\"1\n", subject: try? SubjectID("ann"), verb: "decrypt", outcome: .succeeded,
            code: "SUCCESS", reason: "a grant")
        entry.project = try? ProjectID("default")
        entry.key = KeyID(bytes: [UInt8](repeating: 7, count: 16))
        entry.version = VersionNumber(3)
        entry.uses = [.init(key: entry.key, version: entry.version, succeeded: 2, failed: 1)]
        entry.contextDigest = [UInt8](repeating: 1, count: 32)
        let record = AuditEntry.ChangedRecord(
            kind: "key", id: "k", revision: 4, digest: [UInt8](repeating: 2, count: 32))
        entry.changes = [record, record]
        entry.state = [17, 4095].compactMap { ShardIndex($0) }.map { StateStep(shard: $0, counter: 9) }
        entry.details = ["a": "1", "b": "é"]
        let checkpoint = Checkpoint(
            time: time, chain: [UInt8](repeating: 5, count: 16), through: 9, hash: zero, entries: 4,
            key: [UInt8](repeating: 6, count: 32), state: [UInt8](repeating: 8, count: 32))
        let contents: [AuditLine.Content] = [
            .operation(entry), .checkpoint(SignedCheckpoint(checkpoint: checkpoint, signature: [0x30, 0])),
            .file(FileHeader(time: time, chain: checkpoint.chain, file: 1, entries: 0)),
            .opened(ProcessStart(time: time, version: "1.0", token: "kms", cutBytes: 3)), .closed(time),
        ]
        return contents.map { AuditLine(number: 7, previous: zero, content: $0).bytes }
    }()

    /// The manifest of a backup.
    private static let backupManifest = FuzzTarget("backup-manifest") { (bytes) throws(BrokenProperty) in
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(bytes)) else { return }
        let again = (try? manifest.bytes).flatMap { try? JSONDecoder().decode(BackupManifest.self, from: $0) }
        try hold(again == manifest, "a manifest is read as another one")
    }

    /// Custody reports, certificates and transcripts, which are returned by auditors.
    private static let custodyDocument = FuzzTarget("custody-document", maxLength: 16384) {
        (bytes) throws(BrokenProperty) in
        try read(CustodyReport.self, bytes)
        try read(DestructionCertificate.self, bytes)
        try read(CeremonyTranscript.self, bytes)
    }

    private static func read<Document: CustodyDocument>(
        _ type: Document.Type, _ bytes: [UInt8]
    ) throws(BrokenProperty) {
        guard let document = try? Document(json: bytes) else { return }
        let again = try? Document(json: document.json)
        try hold(again?.json == document.json, "a document is read as another one")
    }
}
