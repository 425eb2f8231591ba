import FoundationEssentials

/// The content of a ceremony file, read and checked as a whole before anything is done.
struct CeremonyPlan {
    /// The title of the ceremony in the transcript.
    let title: String
    let tokenLabel: String
    /// The module's file.
    let module: String
    /// The path where the user PIN is written, for the service to read.
    let pinFile: String
    let store: String
    /// The folder where shares, credentials, report, backup and transcript are written.
    let folder: String
    let custodians: [String]
    let sharesRequired: Int
    /// The file as it was read.
    let source: [UInt8]

    private static let names: Set<String> = [
        "ceremony", "token.label", "token.module", "token.pin-file", "store", "folder", "shares.required",
        listName,
    ]
    private static let listName = "shares.custodians"

    init(file: String) throws(Failure) {
        source = try SignedFiles.bytes(file)
        var values: [String: String] = [:]
        var lists: [String: [String]] = [:]
        for value in try YAMLFile(file, bytes: source).values {
            switch value.content {
            case .single(let text) where Self.names.contains(value.path) && value.path != Self.listName:
                values[value.path] = text
            case .list(let list) where value.path == Self.listName: lists[value.path] = list
            default:
                let known = Self.names.sorted().joined(separator: ", ")
                throw Failure(.configuration, "\(value.place): '\(value.path)' is not known here; known are \(known)")
            }
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
        custodians = lists[Self.listName] ?? []
        guard let required = Int(try text("shares.required")) else {
            throw Failure(.configuration, "\(file): 'shares.required' is not a number")
        }
        sharesRequired = required
        try check(file)
    }

    /// Copies a plan for a throw-away token, with everything in one folder.
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
}
