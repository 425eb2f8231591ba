internal import SystemPackage

/// The reason why a file was not encrypted, or not decrypted.
package enum FileEncryptionError: Error, Hashable, Sendable {
    /// The bytes do not begin with the magic of an encrypted file.
    case notEncrypted
    /// An encrypted file of an unknown format.
    case unknownFormat(UInt8)
    /// The header breaks the format.
    case malformedHeader(String)
    /// The file ends inside its header.
    case headerCutOff
    /// The header's MAC does not match this data key: the header was changed, or its data key belongs to another file.
    case headerNotAuthentic
    /// A chunk is not the one that was written at this place of this file.
    case chunkNotAuthentic(number: UInt64)
    /// The last chunk is not at the end.
    case endNotAuthentic
    /// The file has more chunks than one data key may encrypt.
    case tooLong
    /// A file became shorter while it was read.
    case shrunk(name: String)
    /// A call of the operating system failed.
    case system(CallKind, name: String, code: Int32)
    /// The cryptographic library failed: a defect, or no memory left.
    case library(String)

    package enum CallKind: String, Sendable {
        case read
        case write = "written"
    }
}

extension FileEncryptionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notEncrypted: "this is no file that 'kms file encrypt' wrote"
        case .unknownFormat(let format): "the file has format \(format), and this program knows format 1"
        case .malformedHeader(let what): "the file's header is malformed: \(what)"
        case .headerCutOff: "the file ends inside its header"
        case .headerNotAuthentic:
            "the file's header is not authentic: it was changed, or its data key belongs to another file"
        case .chunkNotAuthentic(let number):
            "chunk \(number) is not authentic: the file was changed, reordered or mixed with another, or it was cut off there"
        case .endNotAuthentic: "the file's end is not authentic: it was cut off, continued or changed"
        case .tooLong: "the content has more chunks than one data key may seal"
        case .shrunk(let name): "\(name) has become shorter while it was read"
        case .system(let call, let name, let code):
            "\(name) cannot be \(call.rawValue): \(Errno(rawValue: code))"
        case .library(let what): what
        }
    }
}

extension FileEncryptionError {
    /// Makes the error of a failed call of the operating system.
    static func system(_ call: CallKind, name: String, _ error: any Error) -> FileEncryptionError {
        .system(call, name: name, code: (error as? Errno)?.rawValue ?? 0)
    }
}
