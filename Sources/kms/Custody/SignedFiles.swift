import FoundationEssentials
import KeyManagement

/// A signed document as files: the document, and beside it its signature.
struct SignedFiles {
    /// Of the document; the signature's is the same with `.sig` at its end.
    let path: String

    var signaturePath: String { path + ".sig" }

    func requireFree() throws(Failure) {
        try PrivateFile.requireFree(path)
        try PrivateFile.requireFree(signaturePath)
    }

    /// Verifies what the service answered, and writes it. There is nothing secret in it.
    func write(_ answer: SignedDocumentAnswer) throws {
        guard let content = Data(base64Encoded: answer.content),
            let signature = Data(base64Encoded: answer.signature), let key = Data(base64Encoded: answer.auditKey)
        else { throw Failure(.other, "the service's answer is no signed document") }
        try write(
            SignedDocument(
                content: [UInt8](content), signature: [UInt8](signature), auditKey: PublicKeyInfo(der: [UInt8](key))))
    }

    func write(_ document: SignedDocument) throws {
        guard document.isGenuine else {
            throw Failure(.other, "the signature of the document does not verify; nothing was written")
        }
        try Self.write(document.content, to: path)
        try Self.write(document.signature, to: signaturePath)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try bytes.withUnsafeBytes { try PrivateFile.create(path, $0) }
    }

    /// Reads both, with the key that the reader trusts.
    func read(trusting key: PublicKeyInfo) throws(Failure) -> SignedDocument {
        SignedDocument(content: try Self.bytes(path), signature: try Self.bytes(signaturePath), auditKey: key)
    }

    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.configuration, "\(path) cannot be read")
        }
        return [UInt8](data)
    }
}
