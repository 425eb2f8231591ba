/// The stable name of a user, service account or agent.
///
/// It has 1 to 128 of `A–Z a–z 0–9 . _ - @ : + =`, beginning with a letter or a digit, so that an e-mail address or an issuer's
/// identifier fits. A name is never used again for another subject, so that the audit chain remains true.
package struct SubjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let exact: ExactText

    package var text: String { exact.text }

    /// Creates a name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text cannot be a name.
    package init(_ text: String) throws(KMSError) {
        exact = ExactText(try Naming.check(text, of: "a subject", with: Naming.marksOfSubjects))
    }

    package static func < (lhs: SubjectID, rhs: SubjectID) -> Bool { Naming.precedes(lhs.text, rhs.text) }

    package var description: String { text }
}

/// The name of a group of subjects, in the same form as a ``SubjectID``.
package struct GroupID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let exact: ExactText

    package var text: String { exact.text }

    /// Creates a name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text cannot be a name.
    package init(_ text: String) throws(KMSError) {
        exact = ExactText(try Naming.check(text, of: "a group", with: Naming.marksOfSubjects))
    }

    package static func < (lhs: GroupID, rhs: GroupID) -> Bool { Naming.precedes(lhs.text, rhs.text) }

    package var description: String { text }
}

/// The id of a project, the container of keys. 1 to 128 characters as in a ``KeyName``.
package struct ProjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let exact: ExactText

    package var text: String { exact.text }

    /// Creates an id.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text cannot be a name.
    package init(_ text: String) throws(KMSError) {
        exact = ExactText(try Naming.check(text, of: "a project", with: Naming.marksOfNames))
    }

    package static func < (lhs: ProjectID, rhs: ProjectID) -> Bool { Naming.precedes(lhs.text, rhs.text) }

    package var description: String { text }
}

/// The name of a service that has keys of its own. 1 to 64 characters as in a ``KeyName``.
package struct ServiceName: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let exact: ExactText

    package var text: String { exact.text }

    package static let maxLength = 64

    /// Creates a name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text cannot be a name.
    package init(_ text: String) throws(KMSError) {
        exact = ExactText(try Naming.check(text, of: "a service", with: Naming.marksOfNames, maxLength: Self.maxLength))
    }

    package static func < (lhs: ServiceName, rhs: ServiceName) -> Bool { Naming.precedes(lhs.text, rhs.text) }

    package var description: String { text }
}

/// The rules for names.
enum Naming {
    static let marksOfNames = "._-"
    static let marksOfSubjects = "._-@:+="

    /// Returns the text if it is a valid name.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``, which states the defect of the text.
    static func check(
        _ text: String, of what: String, with marks: String, maxLength: Int = 128
    ) throws(KMSError) -> String {
        guard (1...maxLength).contains(text.utf8.count) else {
            throw .invalidRequest("the name of \(what) has 1 to \(maxLength) characters, not \(text.utf8.count) bytes")
        }
        guard text.utf8.allSatisfy({ isLetterOrDigit($0) || marks.utf8.contains($0) }), let first = text.utf8.first,
            isLetterOrDigit(first)
        else {
            let list = marks.map { "'\($0)'" }.joined(separator: " ")
            throw .invalidRequest(
                "the name of \(what) must contain only letters, digits and \(list), and begin with a letter or a digit")
        }
        return text
    }

    static func precedes(_ lhs: String, _ rhs: String) -> Bool { lhs.utf8.lexicographicallyPrecedes(rhs.utf8) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
