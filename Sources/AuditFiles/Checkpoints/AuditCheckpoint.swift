package import KeyManagement
internal import LibCrypto

/// A checkpoint's line, for publication. It fixes the chain as it was then.
package struct AuditCheckpoint: Hashable, Sendable {
    package let line: AuditLine
    package let signed: SignedCheckpoint

    init(line: AuditLine, signed: SignedCheckpoint) {
        self.line = line
        self.signed = signed
    }

    /// Reads a published line; a line feed at its end is ignored.
    ///
    /// - Returns: nil if it is not the line of a checkpoint.
    package init?(text: String) {
        var bytes = Array(text.utf8)
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard let line = try? AuditLine(bytes: bytes), case .checkpoint(let signed) = line.content else { return nil }
        self.init(line: line, signed: signed)
    }

    /// Returns true if this key has signed the checkpoint.
    package func isSigned(by key: PublicKeyInfo) -> Bool {
        guard let key = try? PublicKey(der: key.der) else { return false }
        return signed.isMade(by: key) && signed.isGenuine(under: key)
    }

    /// The line as it appears in its file, without a line feed.
    package var text: String { String(decoding: line.bytes, as: UTF8.self) }
}
