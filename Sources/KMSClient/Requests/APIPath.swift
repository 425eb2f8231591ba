/// Builds the paths of the API from names and ids, percent-encoded so that no character has a special meaning.
package enum APIPath {
    package static func key(_ reference: String) -> String { "/api/v1/keys/" + encoded(reference) }

    package static func version(_ number: UInt32, of key: String) -> String { "\(self.key(key))/versions/\(number)" }

    package static func grant(_ id: String, of key: String) -> String { "\(self.key(key))/grants/\(encoded(id))" }

    package static func alias(_ name: String) -> String { "/api/v1/aliases/" + encoded(name) }

    package static func importJob(_ id: String) -> String { "/api/v1/import-jobs/" + encoded(id) }

    package static func project(_ name: String) -> String { "/api/v1/projects/" + encoded(name) }

    package static func subject(_ name: String) -> String { "/api/v1/subjects/" + encoded(name) }

    package static func group(_ name: String) -> String { "/api/v1/groups/" + encoded(name) }

    package static func member(_ subject: String, of group: String) -> String {
        self.group(group) + "/members/" + encoded(subject)
    }

    package static func role(ofSubject subject: String, in project: String) -> String {
        self.project(project) + "/roles/subjects/" + encoded(subject)
    }

    package static func role(ofGroup group: String, in project: String) -> String {
        self.project(project) + "/roles/groups/" + encoded(group)
    }

    package static func approval(_ id: String) -> String { "/api/v1/approvals/" + encoded(id) }

    package static func approvalPolicy(_ operation: String) -> String {
        "/api/v1/approval-policies/" + encoded(operation)
    }

    package static func credential(_ id: String) -> String { "/api/v1/credentials/" + encoded(id) }

    package static func accessKey(_ id: String) -> String { "/api/v1/access-keys/" + encoded(id) }

    /// Returns the query of a page of a list.
    package static func query(_ page: ListPage) -> String {
        query(["limit": page.limit.map(String.init), "cursor": page.cursor])
    }

    /// Returns `?name=value&…`; empty if all values are nil.
    package static func query(_ values: KeyValuePairs<String, String?>) -> String {
        let given = values.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986 §2.3.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
