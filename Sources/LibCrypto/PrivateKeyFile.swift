internal import CLibCrypto
internal import Encodings

/// The content of a file with a private key: DER, or PEM (RFC 7468).
package struct PrivateKeyFile {
    package let key: PrivateKey
    package let encoding: PrivateKey.Encoding
    package let isPEM: Bool

    package enum Failure: Error, Hashable, Sendable {
        /// The key is encrypted under a password.
        case encrypted(isPEM: Bool)
        /// The key is in the format of OpenSSH.
        case openSSH
        /// The file has no private key, or more than one, or one that is not well formed.
        case malformed(String)
    }

    /// Reads the content of a file. PEM may have text and other blocks, such as `EC PARAMETERS`, around the key.
    package init(_ content: UnsafeRawBufferPointer) throws(Failure) {
        if let block = try PEMBlock.privateKey(in: content) {
            self = try Self.read(block, of: content)
        } else {
            self = try Self.readDER(content)
        }
    }

    private init(_ key: PrivateKey, _ encoding: PrivateKey.Encoding, isPEM: Bool) {
        self.key = key
        self.encoding = encoding
        self.isPEM = isPEM
    }

    private static func readDER(_ der: UnsafeRawBufferPointer) throws(Failure) -> PrivateKeyFile {
        guard der.first == 0x30 else { throw .malformed("neither PEM nor DER") }
        var cause = LibCryptoError.malformed("not a private key in \(PrivateKey.Encoding.pkcs8.rawValue)")
        for encoding in PrivateKey.Encoding.allCases {
            do throws(LibCryptoError) {
                return PrivateKeyFile(try PrivateKey(der: der, as: encoding), encoding, isPEM: false)
            } catch {
                if encoding == .pkcs8 { cause = error }
            }
        }
        guard !PrivateKey.isEncrypted(der: der) else { throw .encrypted(isPEM: false) }
        throw .malformed("DER, but no private key of a known kind: \(cause)")
    }

    private static func read(_ block: PEMBlock, of content: UnsafeRawBufferPointer) throws(Failure) -> PrivateKeyFile {
        guard !block.isEncrypted else { throw .encrypted(isPEM: true) }
        let encoding: PrivateKey.Encoding
        switch block.label {
        case "PRIVATE KEY": encoding = .pkcs8
        case "EC PRIVATE KEY": encoding = .sec1
        case "RSA PRIVATE KEY": encoding = .pkcs1
        case "ENCRYPTED PRIVATE KEY": throw .encrypted(isPEM: true)
        case "OPENSSH PRIVATE KEY": throw .openSSH
        default: throw .malformed("a PEM block '\(block.label)', which is not supported")
        }
        let result = block.withDER(of: content) { der in
            Result { () throws(LibCryptoError) in try PrivateKey(der: der, as: encoding) }
        }
        switch result {
        case .success(let key): return PrivateKeyFile(key, encoding, isPEM: true)
        case .failure(let error):
            throw .malformed("a PEM block '\(block.label)' that has no key of a known kind: \(error)")
        case nil: throw .malformed("a PEM block '\(block.label)' that is not base64")
        }
    }
}

/// A block of a PEM file, as the places of its lines. No copy of a secret is made as text.
struct PEMBlock {
    let label: String
    /// True if a header says that the content is encrypted (RFC 1421 §4.6.1.1).
    private(set) var isEncrypted = false
    private var lines: [Range<Int>] = []

    private init(label: String) {
        self.label = label
    }

    /// Returns the only private key among the blocks of a file; nil if the file is not PEM.
    static func privateKey(in content: UnsafeRawBufferPointer) throws(PrivateKeyFile.Failure) -> PEMBlock? {
        let blocks = try all(in: content)
        guard !blocks.isEmpty else { return nil }
        let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let key = keys.first else {
            throw .malformed("PEM without a private key, but with '\(blocks.map(\.label).joined(separator: "', '"))'")
        }
        guard keys.count == 1 else { throw .malformed("\(keys.count) private keys") }
        return key
    }

    private static func all(in content: UnsafeRawBufferPointer) throws(PrivateKeyFile.Failure) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var current: PEMBlock?
        var start = 0
        while start < content.count {
            let end = content[start...].firstIndex { $0 == 0x0A } ?? content.count
            let line = trimmed(start..<end, in: content)
            start = end + 1
            if var block = current {
                if let label = label(of: line, "-----END ", in: content) {
                    guard label == block.label else { throw .malformed("a PEM block '\(block.label)' without its end") }
                    blocks.append(block)
                    current = nil
                    continue
                }
                block.take(line, of: content)
                current = block
            } else if let label = label(of: line, "-----BEGIN ", in: content) {
                guard blocks.count < 16 else { throw .malformed("PEM with too many blocks") }
                current = PEMBlock(label: label)
            }
        }
        if let current { throw .malformed("a PEM block '\(current.label)' without its end") }
        return blocks
    }

    /// Adds a line between the first and the last.
    private mutating func take(_ line: Range<Int>, of content: UnsafeRawBufferPointer) {
        guard !line.isEmpty else { return }
        guard content[line].contains(UInt8(ascii: ":")) else { return lines.append(line) }
        let header = String(decoding: content[line], as: UTF8.self)
        if header.hasPrefix("Proc-Type:"), header.hasSuffix("ENCRYPTED") { isEncrypted = true }
    }

    /// Returns the label of a first or last line; nil for any other line.
    private static func label(of line: Range<Int>, _ prefix: StaticString, in content: UnsafeRawBufferPointer)
        -> String?
    {
        let dashes = 5
        guard line.count > prefix.utf8CodeUnitCount + dashes, line.count <= 64 else { return nil }
        let text = String(decoding: content[line], as: UTF8.self)
        guard text.hasPrefix("\(prefix)"), text.hasSuffix("-----") else { return nil }
        return String(text.dropFirst(prefix.utf8CodeUnitCount).dropLast(dashes))
    }

    private static func trimmed(_ line: Range<Int>, in content: UnsafeRawBufferPointer) -> Range<Int> {
        var line = line
        func isSpace(_ place: Int) -> Bool { [0x20, 0x09, 0x0D].contains(content[place]) }
        while let last = line.last, isSpace(last) { line = line.lowerBound..<last }
        while let first = line.first, isSpace(first) { line = first + 1..<line.upperBound }
        return line
    }

    /// Passes the decoded content to `body`, and erases it afterwards. Returns nil if it is not base64.
    func withDER<Result>(of content: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        let length = lines.reduce(0) { $0 + $1.count }
        let text = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
        let der = UnsafeMutableRawBufferPointer.allocate(byteCount: length + 3, alignment: 1)
        // Owned by this function.
        defer {
            for memory in [text, der] {
                OPENSSL_cleanse(memory.baseAddress, memory.count)
                memory.deallocate()
            }
        }
        var place = 0
        for line in lines {
            UnsafeMutableRawBufferPointer(rebasing: text[place..<place + line.count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: content[line]))
            place += line.count
        }
        guard let count = Base64Codec.decode(UnsafeRawBufferPointer(text), into: der) else { return nil }
        return body(UnsafeRawBufferPointer(rebasing: der[..<count]))
    }
}
