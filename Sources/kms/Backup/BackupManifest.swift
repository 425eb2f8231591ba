import Encodings
import FoundationEssentials
import KeyManagement

/// The description that a backup carries of itself: `manifest.json`.
struct BackupManifest: Codable, Equatable {
    struct File: Codable, Equatable {
        /// The path below the backup's folder.
        let path: String
        let bytes: UInt64
        /// Hexadecimal.
        let sha256: String
    }

    struct Token: Codable, Equatable {
        let label: String
        let serialNumber: String
        let rootEpoch: UInt32
        /// The check value that only the root key of that epoch can make; hexadecimal.
        let checkValue: String

        init(_ binding: TokenBinding) {
            label = binding.label
            serialNumber = binding.serialNumber
            rootEpoch = binding.epoch.number
            checkValue = Hexadecimal.text(binding.checkValue)
        }
    }

    /// The number of this manifest format.
    var format = 1
    /// The version of the product.
    let version: String
    /// RFC 3339.
    let created: String
    let token: Token
    let keys: Int
    /// The number of versions in each state.
    let versions: [String: Int]
    let files: [File]

    static let name = "manifest.json"
    static let storeName = "store.sqlite"
    static let auditName = "audit"
    /// The folder of the chain that local commands write to, which may run beside the service.
    static let localAuditName = "audit-local"

    var bytes: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// Reads the manifest of a backup.
    ///
    /// - Throws: a ``Failure`` if the folder is not a backup that this release understands.
    static func read(in folder: String) throws(Failure) -> BackupManifest {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
            throw Failure(.store, "'\(folder)' is no backup: \(name) cannot be read")
        }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: data) else {
            throw Failure(.store, "'\(folder)/\(name)' is damaged: it is no manifest of a backup")
        }
        guard manifest.format == 1 else {
            throw Failure(.store, "'\(folder)' has format \(manifest.format); this release reads format 1")
        }
        return manifest
    }
}
