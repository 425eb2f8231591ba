import Encodings
import FoundationEssentials
import KeyManagement

/// The file that a ``Paper`` is made from, and its signature.
struct PaperSource {
    /// The file's name without its folder.
    let name: String
    let content: [UInt8]
    /// The content of the signature's file; `nil` if there is none.
    let signature: [UInt8]?

    init(path: String, content: [UInt8], signature: [UInt8]?) {
        name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        self.content = content
        self.signature = signature
    }

    /// Reads a document, and the signature beside it if there is one.
    init(path: String) throws(Failure) {
        let files = SignedFiles(path: path)
        let isSigned = FileManager.default.fileExists(atPath: files.signaturePath)
        self.init(
            path: path, content: try SignedFiles.bytes(path),
            signature: isSigned ? try SignedFiles.bytes(files.signaturePath) : nil)
    }

    /// SHA-256 of the file, hexadecimal.
    var sha256: String { CustodyReport.sha256(of: content) }

    /// Returns the part that ties the paper to the file.
    ///
    /// - Parameter options: more options of `kms custody verify` for this document.
    func verification(auditKey: String, options: String) -> PaperPart {
        let file = ShellWord.quoted(name)
        let signatureFile = ShellWord.quoted(name + ".sig")
        return PaperPart(
            title: "Verification",
            blocks: [
                .paragraph(
                    "This copy is for reading. The evidence is the signed file. Compare the values below with those that "
                        + "the commands print, and take the audit key, audit.pem, from a source of your own, such as the key ceremony."
                ),
                .facts([
                    ("File", .name(name)),
                    ("SHA-256 of the file", .hex(sha256)),
                    (
                        "Signature (ECDSA P-256)",
                        signature.map { .raw(Base64Text.encode($0)) } ?? .bad("no \(name).sig")
                    ),
                    ("SHA-256 of the audit key", .hex(auditKey)),
                ]),
                .commands([
                    "kms custody verify \(file) --audit-key audit.pem\(options)",
                    "openssl dgst -sha256 -verify audit.pem -signature \(signatureFile) \(file)",
                    "sha256sum \(file)",
                    "base64 -w 0 \(signatureFile)",
                    "openssl pkey -pubin -in audit.pem -outform DER | sha256sum",
                ]),
            ])
    }
}

/// A document that has a form for people.
protocol ReadableDocument: CustodyDocument {
    func paper(from source: PaperSource) -> Paper
}

extension PaperSource {
    /// Reads the document in the file. Its signature is not verified.
    func document() throws(Failure) -> any ReadableDocument {
        let types: [any ReadableDocument.Type] = [
            CustodyReport.self, DestructionCertificate.self, CeremonyTranscript.self,
        ]
        for type in types {
            if let document = try? type.init(json: content) { return document }
        }
        throw Failure(
            .input, "\(name) is neither a custody report, nor a certificate of destruction, nor a ceremony transcript")
    }
}
