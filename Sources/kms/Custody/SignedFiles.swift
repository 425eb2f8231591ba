import FoundationEssentials
import KMSClient
import KeyManagement

/// A signed document as files: the document, its signature beside it, and its readable forms.
struct SignedFiles {
    /// The path of the document; the signature's path adds `.sig`.
    let path: String

    var signaturePath: String { path + ".sig" }

    func requireFree() throws(Failure) {
        try PrivateFile.requireFree(path)
        try PrivateFile.requireFree(signaturePath)
        for rendering in CustodyRendering.allCases { try PrivateFile.requireFree(rendering.path(of: path)) }
    }

    /// Verifies the service's answer and writes it. It contains no secret.
    func write(_ answer: SignedDocumentAnswer) throws {
        try write(
            SignedDocument(
                content: answer.content.bytes, signature: answer.signature.bytes,
                auditKey: PublicKeyInfo(der: answer.auditKey.bytes)))
    }

    func write(_ document: SignedDocument) throws {
        guard document.isGenuine else {
            throw Failure(.other, "the signature of the document does not verify; nothing was written")
        }
        try Self.write(document.content, to: path)
        try Self.write(document.signature, to: signaturePath)
        let source = PaperSource(path: path, content: document.content, signature: document.signature)
        for rendering in CustodyRendering.allCases {
            try Self.write(Array(try rendering.text(of: source).utf8), to: rendering.path(of: path))
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try bytes.withUnsafeBytes { try PrivateFile.create(path, $0) }
    }

    /// Reads both files, with the key that the reader trusts.
    func read(trusting key: PublicKeyInfo) throws(Failure) -> SignedDocument {
        SignedDocument(content: try Self.bytes(path), signature: try Self.bytes(signaturePath), auditKey: key)
    }

    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        try InputFile.read(path, atMost: 1 << 30, "custody document")
    }
}
