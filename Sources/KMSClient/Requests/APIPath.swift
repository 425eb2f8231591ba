internal import Encodings

/// Builds the paths of the API from names and ids, percent-encoded so that no character has a special meaning.
package enum APIPath {
    package static func key(_ reference: String) -> String { "/api/v1/keys/" + PercentEncoding.text(reference) }

    package static func version(_ number: UInt32, of key: String) -> String { "\(self.key(key))/versions/\(number)" }

    package static func grant(_ id: String, of key: String) -> String {
        "\(self.key(key))/grants/\(PercentEncoding.text(id))"
    }

    package static func alias(_ name: String) -> String { "/api/v1/aliases/" + PercentEncoding.text(name) }

    package static func importJob(_ id: String) -> String { "/api/v1/import-jobs/" + PercentEncoding.text(id) }

    package static func project(_ name: String) -> String { "/api/v1/projects/" + PercentEncoding.text(name) }

    package static func subject(_ name: String) -> String { "/api/v1/subjects/" + PercentEncoding.text(name) }

    package static func group(_ name: String) -> String { "/api/v1/groups/" + PercentEncoding.text(name) }

    package static func member(_ subject: String, of group: String) -> String {
        self.group(group) + "/members/" + PercentEncoding.text(subject)
    }

    package static func role(ofSubject subject: String, in project: String) -> String {
        self.project(project) + "/roles/subjects/" + PercentEncoding.text(subject)
    }

    package static func role(ofGroup group: String, in project: String) -> String {
        self.project(project) + "/roles/groups/" + PercentEncoding.text(group)
    }

    package static func approval(_ id: String) -> String { "/api/v1/approvals/" + PercentEncoding.text(id) }

    package static func approvalPolicy(_ operation: String) -> String {
        "/api/v1/approval-policies/" + PercentEncoding.text(operation)
    }

    package static func credential(_ id: String) -> String { "/api/v1/credentials/" + PercentEncoding.text(id) }

    package static func accessKey(_ id: String) -> String { "/api/v1/access-keys/" + PercentEncoding.text(id) }

    /// Returns the query of a page of a list.
    package static func query(_ page: ListPage) -> String {
        query(["limit": page.limit.map(String.init), "cursor": page.cursor])
    }

    /// Returns `?name=value&…`; empty if all values are nil.
    package static func query(_ values: KeyValuePairs<String, String?>) -> String {
        let given = values.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.text($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }
}
