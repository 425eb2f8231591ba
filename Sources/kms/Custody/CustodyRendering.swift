import FoundationEssentials

/// A readable form of a signed document, made from nothing but the document and its signature.
enum CustodyRendering: CaseIterable {
    case text
    case html

    /// Returns the path of the readable form, beside the document.
    func path(of document: String) -> String {
        switch self {
        case .text: document + ".txt"
        case .html: document + ".html"
        }
    }

    func text(of source: PaperSource) throws(Failure) -> String {
        let paper = try source.document().paper(from: source)
        return switch self {
        case .text: PaperText(paper).text
        case .html: PaperPage(paper, sha256: source.sha256).text
        }
    }

    /// Fails if a readable form that is beside the document is not the one that the document has.
    static func check(_ source: PaperSource, at path: String) throws(Failure) {
        for rendering in allCases {
            let file = rendering.path(of: path)
            guard FileManager.default.fileExists(atPath: file) else { continue }
            guard try SignedFiles.bytes(file) == Array(rendering.text(of: source).utf8) else {
                throw Failure(
                    .invalid,
                    "\(file) does not say what \(path) says, or was made when the file had another name; make it again with "
                        + "'kms custody show \(path)\(rendering == .html ? " --html" : "")'")
            }
        }
    }
}
