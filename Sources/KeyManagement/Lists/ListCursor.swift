/// The position at which a list continues: a text that only the service can make and read.
///
/// It reveals nothing to its holder, because the item at which a page ended may be one that the holder must not see.
package struct ListCursor: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Creates a cursor from any text. The list that it is presented to decides whether the cursor is one of its own.
    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}

/// The list that a cursor belongs to. Another operation, project, caller or filter makes another list.
struct ListScope: Sendable {
    let bytes: [UInt8]

    /// Creates the scope of a list.
    ///
    /// - Parameters:
    ///   - parts: the name of the list, and the filters that restrict it.
    ///   - principal: the principal that asks.
    ///   - project: the project of the list; `nil` for a list that belongs to no project.
    init(_ parts: [String], for principal: Principal, in project: ProjectID? = nil) {
        var encoding = CanonicalEncoding(domain: "hsm-kms/list/1")
        encoding.append(1, principal.subject.text)
        if let project { encoding.append(2, project.text) }
        for part in parts { encoding.append(3, part) }
        bytes = encoding.bytes
    }
}
