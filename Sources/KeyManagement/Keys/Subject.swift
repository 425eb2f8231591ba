/// Who acts: the stable name of a user, service account or agent. 1 to 128 characters as in a ``KeyName``.
public struct SubjectID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: ``KMSError/invalidRequest(_:)`` when the text could not be a name.
    public init(_ text: String) throws(KMSError) {
        self.text = try KeyName(text).text
    }

    public var description: String { text }
}

/// The id of a project, the container of keys. 1 to 128 characters as in a ``KeyName``.
public struct ProjectID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: ``KMSError/invalidRequest(_:)`` when the text could not be a name.
    public init(_ text: String) throws(KMSError) {
        self.text = try KeyName(text).text
    }

    public var description: String { text }
}
