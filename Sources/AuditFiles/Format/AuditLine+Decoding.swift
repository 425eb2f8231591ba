import Encodings
internal import KeyManagement
internal import LibCrypto

extension AuditLine {
    /// Reads a line, without its line feed. Only the canonical form is accepted: the line is written again and compared.
    init(bytes: [UInt8]) throws(LineError) {
        var scanner = LineScanner(bytes)
        try scanner.expect("{\"seq\":")
        number = try scanner.count()
        guard number > 0 else { throw LineError("lines are counted from 1") }
        try scanner.expect(",\"prev\":")
        previous = try scanner.hash()
        content = try Content(from: &scanner)
        try scanner.expect("}")
        guard scanner.isAtEnd else { throw LineError("there is something behind its end") }
        guard self.bytes == bytes else { throw LineError("it is not written in the canonical form") }
    }
}

extension AuditLine.Content {
    fileprivate init(from scanner: inout LineScanner) throws(LineError) {
        try scanner.expect(",\"type\":")
        switch try scanner.string() {
        case "file": self = .file(try FileHeader(from: &scanner))
        case "operation": self = .operation(try scanner.entry())
        case "checkpoint": self = .checkpoint(try SignedCheckpoint(from: &scanner))
        case "open": self = .opened(try ProcessStart(from: &scanner))
        case "close":
            try scanner.expect(",\"time\":")
            self = .closed(try scanner.time())
        case let type: throw LineError("there is no type '\(type.prefix(32))'")
        }
    }
}

extension FileHeader {
    fileprivate init(from scanner: inout LineScanner) throws(LineError) {
        try scanner.expect(",\"time\":")
        time = try scanner.time()
        try scanner.expect(",\"chain\":")
        chain = try scanner.hex(16)
        try scanner.expect(",\"file\":")
        file = try scanner.count()
        try scanner.expect(",\"entries\":")
        entries = try scanner.count()
    }
}

extension ProcessStart {
    fileprivate init(from scanner: inout LineScanner) throws(LineError) {
        try scanner.expect(",\"time\":")
        time = try scanner.time()
        try scanner.expect(",\"version\":")
        version = try scanner.string()
        token = scanner.take(",\"token\":") ? try scanner.string() : nil
        try scanner.expect(",\"cut\":")
        cutBytes = try scanner.count()
    }
}

extension SignedCheckpoint {
    fileprivate init(from scanner: inout LineScanner) throws(LineError) {
        try scanner.expect(",\"time\":")
        let time = try scanner.time()
        try scanner.expect(",\"chain\":")
        let chain = try scanner.hex(16)
        try scanner.expect(",\"through\":")
        let through = try scanner.count()
        try scanner.expect(",\"hash\":")
        let hash = try scanner.hash()
        try scanner.expect(",\"entries\":")
        let entries = try scanner.count()
        try scanner.expect(",\"key\":")
        let key = try scanner.hex(32)
        let state = scanner.take(",\"state\":") ? try scanner.hex(32) : nil
        try scanner.expect(",\"signature\":")
        guard let signature = Base64Text.decode(try scanner.string()) else {
            throw LineError("the signature is not base64")
        }
        self.signature = signature
        checkpoint = Checkpoint(
            time: time, chain: chain, through: through, hash: hash, entries: entries, key: key, state: state)
    }
}
