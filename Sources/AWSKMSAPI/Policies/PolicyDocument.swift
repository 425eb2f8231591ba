import JSONText
import KeyManagement

/// Reads a key policy in IAM's language (JSON, versions 2008-10-17 and 2012-10-17). It accepts the parts that this service can enforce:
/// principals and their actions on the key. It refuses all other parts, and ignores none.
struct PolicyDocument {
    private let reader: JSONReader
    private let place: Place

    /// Reads a document.
    ///
    /// - Throws: `MalformedPolicyDocumentException`, `LimitExceededException`
    static func read(_ text: String, at place: Place) throws(AWSFailure) -> KeyPolicy {
        guard text.utf8.count <= KeyPolicy.maxDocumentLength else {
            throw AWSFailure("LimitExceededException", "The key policy is longer than 32768 bytes.")
        }
        let read: (value: JSONNode, reader: JSONReader)
        do throws(KMSError) {
            read = try JSONReader.read(bytes: Array(text.utf8)) { (reader) throws(KMSError) in try reader.node() }
        } catch {
            throw malformed("The policy is not JSON.")
        }
        let document = PolicyDocument(reader: read.reader, place: place)
        let statements = try document.statements(of: read.value)
        do throws(KMSError) {
            return try KeyPolicy(statements: statements, document: text)
        } catch {
            throw malformed(error.message)
        }
    }

    static func malformed(_ what: String) -> AWSFailure { AWSFailure("MalformedPolicyDocumentException", what) }

    private func statements(of policy: JSONNode) throws(AWSFailure) -> [AccessStatement] {
        guard case .object(let members) = policy else { throw Self.malformed("The policy is no object.") }
        for member in members where !["Version", "Id", "Statement"].contains(member.name) {
            throw Self.malformed("The policy has an unknown member \(member.name).")
        }
        if let version = policy.member("Version") {
            guard ["2012-10-17", "2008-10-17"].contains(try text(version)) else {
                throw Self.malformed("The policy's Version is 2012-10-17 or 2008-10-17.")
            }
        }
        switch policy.member("Statement") {
        case .list(let items)?:
            var statements: [AccessStatement] = []
            for item in items { statements.append(try statement(item)) }
            guard !statements.isEmpty else { throw Self.malformed("The policy has no statements.") }
            return statements
        case .object(let members)?: return [try statement(.object(members))]
        default: throw Self.malformed("The policy has no statements.")
        }
    }

    private static let members = ["Sid", "Effect", "Principal", "Action", "Resource"]
    private static let unenforceable = ["Condition", "NotPrincipal", "NotAction", "NotResource"]

    private func statement(_ node: JSONNode) throws(AWSFailure) -> AccessStatement {
        guard case .object(let members) = node else { throw Self.malformed("A statement is no object.") }
        for member in members {
            if Self.unenforceable.contains(member.name) {
                throw Self.malformed("\(member.name) is not supported: this service could not enforce it.")
            }
            guard Self.members.contains(member.name) else {
                throw Self.malformed("A statement has an unknown member \(member.name).")
            }
        }
        guard let effect = node.member("Effect"), let principal = node.member("Principal"),
            let action = node.member("Action")
        else { throw Self.malformed("A statement has Effect, Principal, Action and Resource.") }
        try checkResource(node.member("Resource"))
        return AccessStatement(
            effect: try self.effect(effect), parties: try parties(principal), actions: try actions(action))
    }

    private func effect(_ node: JSONNode) throws(AWSFailure) -> AccessStatement.Effect {
        switch try text(node) {
        case "Allow": return .allow
        case "Deny": return .deny
        default: throw Self.malformed("Effect is Allow or Deny.")
        }
    }

    /// Checks that a statement's resource is the key that has the policy.
    private func checkResource(_ node: JSONNode?) throws(AWSFailure) {
        guard let node else { throw Self.malformed("A statement has Effect, Principal, Action and Resource.") }
        guard try texts(node).contains("*") else {
            throw Self.malformed("Resource is \"*\": the key that has the policy.")
        }
    }

    private func parties(_ node: JSONNode) throws(AWSFailure) -> Set<AccessStatement.Party> {
        if case .text = node {
            guard try text(node) == "*" else { throw Self.invalidPrincipals }
            return [.everyone]
        }
        guard case .object(let members) = node, !members.isEmpty else { throw Self.invalidPrincipals }
        var parties: Set<AccessStatement.Party> = []
        for member in members {
            guard member.name == "AWS" else {
                throw Self.malformed("Principals of \(member.name) are not supported: nobody here is one.")
            }
            for name in try texts(member.value) {
                if name == "*" {
                    parties.insert(.everyone)
                    continue
                }
                guard let party = PrincipalNaming.party(name, at: place) else { throw Self.invalidPrincipals }
                parties.insert(party)
            }
        }
        guard !parties.isEmpty else { throw Self.invalidPrincipals }
        return parties
    }

    static let invalidPrincipals = malformed(
        "Policy contains a statement with one or more invalid principals.")

    /// Returns the actions of a statement. Actions that no key has, such as `kms:CreateKey`, have no effect in a key's policy.
    private func actions(_ node: JSONNode) throws(AWSFailure) -> Set<KeyAction> {
        var actions: Set<KeyAction> = []
        for pattern in try texts(node) {
            if pattern == "*" { return Set(KeyAction.allCases) }
            let lowered = pattern.lowercased()
            // Lower-casing turns other characters into ASCII: U+212A becomes `k`.
            guard pattern.isASCII, lowered.utf8.starts(with: "kms:".utf8), lowered.utf8.count > 4 else {
                throw Self.malformed("Policy contains a statement with one or more invalid actions.")
            }
            let name = Array(lowered.utf8.dropFirst(4))
            for action in KeyAction.allCases where Wildcard.matches(name, Array(action.rawValue.lowercased().utf8)) {
                actions.insert(action)
            }
        }
        return actions
    }

    private func texts(_ node: JSONNode) throws(AWSFailure) -> [String] {
        guard case .list(let items) = node else { return [try text(node)] }
        var texts: [String] = []
        for item in items { texts.append(try text(item)) }
        return texts
    }

    private func text(_ node: JSONNode) throws(AWSFailure) -> String {
        guard case .text(let string) = node, let text = (try? reader.text(of: string)) ?? nil else {
            throw Self.malformed("The policy has a value where a text is expected.")
        }
        return text
    }
}

/// The patterns of IAM: `*` for any characters, `?` for one.
enum Wildcard {
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (place, start) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while start < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "?") || pattern[place] == text[start] {
                place += 1
                start += 1
            } else if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, start)
                place += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                place = last.pattern + 1
                start = last.text + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
