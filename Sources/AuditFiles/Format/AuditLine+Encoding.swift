import Encodings
internal import KeyManagement
internal import LibCrypto

extension AuditLine {
    /// The line's bytes, without a line feed.
    package var bytes: [UInt8] { Self.bytes(number: number, previous: previous, body: content.body) }

    /// Returns the line with number and hash in front of its body.
    static func bytes(number: UInt64, previous: ChainHash, body: [UInt8]) -> [UInt8] {
        var writer = LineWriter(capacity: body.count + 112)
        writer.raw("{\"seq\":")
        writer.number(number)
        writer.raw(",\"prev\":")
        writer.hex(previous)
        writer.raw(body)
        return writer.bytes
    }
}

extension AuditLine.Content {
    /// The part of the line after its hash: `,"type":"operation",…}`.
    var body: [UInt8] {
        var writer = LineWriter()
        switch self {
        case .file(let header): header.write(to: &writer)
        case .operation(let entry):
            writer.raw(",\"type\":\"operation\"")
            writer.entry(entry)
        case .checkpoint(let signed):
            writer.raw(",\"type\":\"checkpoint\",")
            signed.checkpoint.write(to: &writer)
            writer.raw(",\"signature\":")
            writer.string(Base64Text.encode(signed.signature))
        case .opened(let start): start.write(to: &writer)
        case .closed(let time):
            writer.raw(",\"type\":\"close\",\"time\":")
            writer.time(time)
        }
        writer.raw("}")
        return writer.bytes
    }
}

extension Checkpoint {
    /// The signed text: a prefix that no other signed data begins with, and the fields as in the line.
    var signedBytes: [UInt8] {
        var writer = LineWriter()
        writer.raw("hsm-kms/audit-checkpoint/1\n")
        write(to: &writer)
        return writer.bytes
    }

    fileprivate func write(to writer: inout LineWriter) {
        writer.raw("\"time\":")
        writer.time(time)
        writer.raw(",\"chain\":")
        writer.hex(chain)
        writer.raw(",\"through\":")
        writer.number(through)
        writer.raw(",\"hash\":")
        writer.hex(hash)
        writer.raw(",\"entries\":")
        writer.number(entries)
        writer.raw(",\"key\":")
        writer.hex(key)
        if let state {
            writer.raw(",\"state\":")
            writer.hex(state)
        }
    }
}

extension FileHeader {
    fileprivate func write(to writer: inout LineWriter) {
        writer.raw(",\"type\":\"file\",\"time\":")
        writer.time(time)
        writer.raw(",\"chain\":")
        writer.hex(chain)
        writer.raw(",\"file\":")
        writer.number(file)
        writer.raw(",\"entries\":")
        writer.number(entries)
    }
}

extension ProcessStart {
    fileprivate func write(to writer: inout LineWriter) {
        writer.raw(",\"type\":\"open\",\"time\":")
        writer.time(time)
        writer.raw(",\"version\":")
        writer.string(version)
        if let token {
            writer.raw(",\"token\":")
            writer.string(token)
        }
        writer.raw(",\"cut\":")
        writer.number(cutBytes)
    }
}
