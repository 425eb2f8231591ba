import Hummingbird
import KeyManagement

extension APIContext {
    /// The key that the path names, by id or by name.
    func key() throws(KMSError) -> KeyReference {
        try KeyReference(try PercentDecoding.decode(parameters["key"] ?? "", of: "the key in the path"))
    }

    /// The version that the path names.
    func version() throws(KMSError) -> VersionNumber {
        let text = try PercentDecoding.decode(parameters["version"] ?? "", of: "the version in the path")
        guard let number = VersionNumber(text) else {
            throw .invalidRequest("the version in the path is not a number from 1 on")
        }
        return number
    }

    /// The alias that the path names.
    func alias() throws(KMSError) -> KeyName {
        try KeyName(try PercentDecoding.decode(parameters["alias"] ?? "", of: "the alias in the path"))
    }

    /// The import job that the path names.
    func importJob() throws(KMSError) -> ImportJobID {
        let text = try PercentDecoding.decode(parameters["job"] ?? "", of: "the import job in the path")
        guard let id = ImportJobID(text) else {
            throw .invalidRequest("the import job in the path is not the id of one")
        }
        return id
    }
}
