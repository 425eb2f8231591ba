import Encodings
import KeyManagement

/// The AWS account and region of a request, which stand for a project.
struct Place: Sendable {
    /// The account: 12 digits.
    let account: String
    let region: String

    func arn(_ key: KeyID) -> String { "arn:aws:kms:\(region):\(account):key/\(key)" }

    /// Returns the ARN of an alias.
    ///
    /// - Parameter name: its name without `alias/`.
    func arn(alias name: String) -> String { "arn:aws:kms:\(region):\(account):alias/\(name)" }

    func arn(_ subject: SubjectID) -> String { "arn:aws:iam::\(account):user/\(subject.text)" }

    func arn(_ group: GroupID) -> String { "arn:aws:iam::\(account):group/\(group.text)" }

    /// The ARN for all principals of the account.
    var root: String { "arn:aws:iam::\(account):root" }
}

/// The name of a key in a request.
enum KeyNaming: Sendable {
    case id(KeyID)
    /// An alias, without `alias/`.
    case alias(String)

    /// Reads an id, an ARN, an alias or an alias ARN.
    init(_ text: String, at place: Place) throws(AWSFailure) {
        if text.utf8.starts(with: "arn:".utf8) {
            self = try Self.named(byARN: text, at: place)
        } else if text.utf8.starts(with: Self.aliasPrefix.utf8) {
            self = .alias(String(text.utf8.dropFirst(Self.aliasPrefix.utf8.count)) ?? "")
        } else if let id = KeyID(text) {
            self = .id(id)
        } else if Self.isOfSeveralRegions(text) {
            throw .notFound("Key '\(place.arn(key: text))' does not exist")
        } else {
            throw .notFound("Invalid keyId '\(text)'")
        }
    }

    static let aliasPrefix = "alias/"

    /// Returns true for the id of a multi-Region key: `mrk-` and 32 hexadecimal digits. The service has no such keys.
    private static func isOfSeveralRegions(_ text: String) -> Bool {
        text.utf8.starts(with: "mrk-".utf8) && text.utf8.count == 36 && Hexadecimal.bytes(text.dropFirst(4)) != nil
    }

    private static func named(byARN text: String, at place: Place) throws(AWSFailure) -> KeyNaming {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[2] == "kms" else { throw .notFound("Invalid arn \(text)") }
        guard parts[3] == place.region else { throw .notFound("Invalid arn \(parts[3])") }
        let resource = parts[5]
        if resource.utf8.starts(with: "key/".utf8) {
            let name = String(resource.dropFirst(4))
            guard parts[4] == place.account, parts[1] == "aws", let id = KeyID(name) else {
                throw .notFound("Key '\(text)' does not exist")
            }
            return .id(id)
        }
        guard resource.utf8.starts(with: aliasPrefix.utf8) else { throw .notFound("Invalid arn \(text)") }
        guard parts[4] == place.account, parts[1] == "aws" else { throw .notFound("Alias \(text) is not found.") }
        return .alias(String(resource.dropFirst(aliasPrefix.utf8.count)))
    }

    /// Returns the reference that the domain uses.
    func reference(at place: Place) throws(AWSFailure) -> KeyReference {
        switch self {
        case .id(let id): return .id(id)
        case .alias(let name):
            guard let name = try? KeyName(alias: name) else {
                throw .notFound("Alias \(place.arn(alias: name)) is not found.")
            }
            return .name(name)
        }
    }
}

extension Place {
    fileprivate func arn(key text: String) -> String { "arn:aws:kms:\(region):\(account):key/\(text)" }
}

/// Reads the ARNs by which IAM names principals.
enum PrincipalNaming {
    /// Returns the principal that a text names.
    ///
    /// - Returns: nil for a principal of another account, and for a text that names no principal.
    static func party(_ text: String, at place: Place) -> AccessStatement.Party? {
        if text == place.account { return .everyone }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1] == "aws", parts[2] == "iam", parts[3].isEmpty,
            parts[4] == place.account
        else { return nil }
        if parts[5] == "root" { return .everyone }
        guard let slash = parts[5].firstIndex(of: "/") else { return nil }
        let name = String(parts[5][slash...].dropFirst())
        switch parts[5][..<slash] {
        case "user", "role": return (try? SubjectID(name)).map { .subject($0) }
        case "group": return (try? GroupID(name)).map { .group($0) }
        default: return nil
        }
    }
}
