import FoundationEssentials
import Yams

/// What a ceremony file describes, read and checked as a whole before anything is done.
struct CeremonyPlan {
    /// What it is called in the transcript.
    let title: String
    let tokenLabel: String
    /// The module's file.
    let module: String
    /// Where the user PIN is written, for the service to read.
    let pinFile: String
    let store: String
    /// Where shares, credentials, report, backup and transcript are written.
    let folder: String
    let custodians: [String]
    let sharesRequired: Int
    /// The file as it was read.
    let source: [UInt8]

    private static let names: Set<String> = [
        "ceremony", "token.label", "token.module", "token.pin-file", "store", "folder", "shares.required",
        "shares.custodians",
    ]

    init(file: String) throws(Failure) {
        source = try SignedFiles.bytes(file)
        var values: [String: String] = [:]
        var lists: [String: [String]] = [:]
        do {
            guard let root = try compose(yaml: String(decoding: source, as: UTF8.self)) else {
                throw Failure(.configuration, "\(file) is empty")
            }
            try Self.read(root, under: "", of: file, &values, &lists)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.configuration, "\(file) is not valid YAML: \(error)")
        }
        func text(_ name: String) throws(Failure) -> String {
            guard let value = values[name], !value.isEmpty else {
                throw Failure(.configuration, "\(file): '\(name)' is missing")
            }
            return value
        }
        title = try text("ceremony")
        tokenLabel = try text("token.label")
        module = try text("token.module")
        pinFile = try text("token.pin-file")
        store = try text("store")
        folder = try text("folder")
        custodians = lists["shares.custodians"] ?? []
        guard let required = Int(try text("shares.required")) else {
            throw Failure(.configuration, "\(file): 'shares.required' is not a number")
        }
        sharesRequired = required
        try check(file)
    }

    /// The same on a throw-away token, with everything in one folder.
    init(rehearsing plan: CeremonyPlan, module: String, in folder: String) {
        title = plan.title
        tokenLabel = plan.tokenLabel
        self.module = module
        pinFile = folder + "/pin"
        store = folder + "/kms.sqlite"
        self.folder = folder
        custodians = plan.custodians
        sharesRequired = plan.sharesRequired
        source = plan.source
    }

    private func check(_ file: String) throws(Failure) {
        guard (1...32).contains(tokenLabel.utf8.count) else {
            throw Failure(.configuration, "\(file): a token's label has 1 to 32 bytes")
        }
        guard (2...255).contains(custodians.count), Set(custodians).count == custodians.count else {
            throw Failure(.configuration, "\(file): 'shares.custodians' has to name 2 to 255 people, each once")
        }
        guard custodians.allSatisfy(Self.isName) else {
            throw Failure(
                .configuration, "\(file): custodians become names of files: letters, digits, '.', '-' and '_' only")
        }
        guard (2...custodians.count).contains(sharesRequired) else {
            throw Failure(
                .configuration, "\(file): 'shares.required' has to be 2 to \(custodians.count), as there are custodians"
            )
        }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix(".") && text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains($0))
            }
    }

    private static func read(
        _ node: Node, under path: String, of file: String, _ values: inout [String: String],
        _ lists: inout [String: [String]]
    ) throws(Failure) {
        let place = "\(file):\(node.mark?.line ?? 0)"
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let name = key.string else { throw Failure(.configuration, "\(place): a name is no text") }
                try read(value, under: path.isEmpty ? name : "\(path).\(name)", of: file, &values, &lists)
            }
        case .scalar(let scalar):
            guard names.contains(path), path != "shares.custodians" else { throw unknown(path, place) }
            values[path] = scalar.string
        case .sequence(let sequence):
            guard path == "shares.custodians" else { throw unknown(path, place) }
            lists[path] = sequence.compactMap(\.string)
        case .alias: throw unknown(path, place)
        }
    }

    private static func unknown(_ path: String, _ place: String) -> Failure {
        Failure(
            .configuration, "\(place): '\(path)' is not known here; known are \(names.sorted().joined(separator: ", "))"
        )
    }
}
