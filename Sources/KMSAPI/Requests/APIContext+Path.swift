import Encodings
import HTTPServing
import Hummingbird
import KeyManagement

extension APIContext {
    /// Returns the key that the path names, by id or by name.
    func key() throws(KMSError) -> KeyReference {
        try KeyReference(try PercentDecoding.decode(parameters["key"] ?? "", of: "the key in the path"))
    }

    /// Returns the version that the path names.
    func version() throws(KMSError) -> VersionNumber {
        let text = try PercentDecoding.decode(parameters["version"] ?? "", of: "the version in the path")
        guard let number = VersionNumber(text) else {
            throw .invalidRequest("the version in the path is not a number from 1 on")
        }
        return number
    }

    /// Returns the alias that the path names.
    func alias() throws(KMSError) -> KeyName {
        try KeyName(alias: try PercentDecoding.decode(parameters["alias"] ?? "", of: "the alias in the path"))
    }

    /// Returns the project that the path names.
    func project() throws(KMSError) -> ProjectID {
        try ProjectID(try PercentDecoding.decode(parameters["project"] ?? "", of: "the project in the path"))
    }

    /// Returns the subject that the path names.
    func subject() throws(KMSError) -> SubjectID {
        try SubjectID(try PercentDecoding.decode(parameters["subject"] ?? "", of: "the subject in the path"))
    }

    /// Returns the group that the path names.
    func group() throws(KMSError) -> GroupID {
        try GroupID(try PercentDecoding.decode(parameters["group"] ?? "", of: "the group in the path"))
    }

    /// Returns the credential that the path names.
    func credential() throws(KMSError) -> CredentialID {
        let text = try PercentDecoding.decode(parameters["credential"] ?? "", of: "the credential in the path")
        guard let id = CredentialID(text) else {
            throw .invalidRequest("the credential in the path is not an id: 16 hexadecimal digits")
        }
        return id
    }

    /// Returns the access key that the path names.
    func accessKey() throws(KMSError) -> AccessKeyID {
        let text = try PercentDecoding.decode(parameters["accessKey"] ?? "", of: "the access key in the path")
        guard let id = AccessKeyID(text) else {
            throw .invalidRequest("the access key in the path is not an id: AKIA and 16 of A-Z and 2-7")
        }
        return id
    }

    /// Returns the root epoch that the path names.
    func epoch() throws(KMSError) -> RootEpoch {
        let text = try PercentDecoding.decode(parameters["epoch"] ?? "", of: "the epoch in the path")
        guard let number = UInt32(text), "\(number)" == text, let epoch = RootEpoch(number) else {
            throw .invalidRequest("the epoch in the path is not a number from 1 on")
        }
        return epoch
    }

    /// Returns the approval that the path names.
    func approval() throws(KMSError) -> ApprovalID {
        let text = try PercentDecoding.decode(parameters["approval"] ?? "", of: "the approval in the path")
        guard let id = ApprovalID(text) else {
            throw .invalidRequest("the approval in the path is not an id: 16 hexadecimal digits")
        }
        return id
    }

    /// Returns the operation that the path names.
    func guardedOperation() throws(KMSError) -> GuardedOperation {
        let text = try PercentDecoding.decode(parameters["operation"] ?? "", of: "the operation in the path")
        guard let operation = GuardedOperation(rawValue: text) else {
            let known = GuardedOperation.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("the operation in the path is none of \(known)")
        }
        return operation
    }

    /// Returns the grant that the path names.
    func grant() throws(KMSError) -> GrantID {
        let text = try PercentDecoding.decode(parameters["grant"] ?? "", of: "the grant in the path")
        guard let id = Hexadecimal.bytes(text).flatMap({ GrantID(bytes: $0) }) else {
            throw .invalidRequest("the grant in the path is not the id of one: 64 hexadecimal digits")
        }
        return id
    }

    /// Returns the import job that the path names.
    func importJob() throws(KMSError) -> ImportJobID {
        let text = try PercentDecoding.decode(parameters["job"] ?? "", of: "the import job in the path")
        guard let id = ImportJobID(text) else {
            throw .invalidRequest("the import job in the path is not the id of one")
        }
        return id
    }
}
