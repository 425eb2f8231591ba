/// Where a list goes on: a text that only the service can make and read. It tells its holder nothing, for the place where a page ended may
/// be that of something that the holder may not see.
public struct ListCursor: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Takes any text; the list that it is shown to decides whether it is a cursor of it.
    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }
}

/// Which list a cursor belongs to: another operation, project, caller or filter makes another list.
struct ListScope: Sendable {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - parts: the name of the list, and what it is restricted to.
    ///   - project: nil for what is in no project.
    init(_ parts: [String], for principal: Principal, in project: ProjectID? = nil) {
        var encoding = CanonicalEncoding(domain: "hsm-kms/list/1")
        encoding.append(1, principal.subject.text)
        if let project { encoding.append(2, project.text) }
        for part in parts { encoding.append(3, part) }
        bytes = encoding.bytes
    }
}
