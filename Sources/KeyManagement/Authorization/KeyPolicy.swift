/// A list of statements that say, for each action, which of the subjects with a sufficient role may perform it with a key.
///
/// An action that no statement allows is denied, and one denial overrides any number of permissions.
package struct KeyPolicy: Hashable, Sendable {
    package let statements: [AccessStatement]
    /// The policy as it was written. The service displays it and never interprets it. At most 32 KiB.
    package let document: String

    package static let maxDocumentLength = 32 * 1024
    package static let maxStatements = 100

    /// Creates a policy.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if it is too long or has no statement.
    package init(statements: [AccessStatement], document: String) throws(KMSError) {
        guard (1...Self.maxStatements).contains(statements.count) else {
            throw .invalidRequest("a key policy has 1 to \(Self.maxStatements) statements, not \(statements.count)")
        }
        guard document.utf8.count <= Self.maxDocumentLength else {
            throw .invalidRequest("the key policy is longer than \(Self.maxDocumentLength) bytes")
        }
        self.statements = statements
        self.document = document
    }

    /// Returns the verdict of the policy on all of these actions.
    func decide(_ actions: Set<KeyAction>, for principal: Principal) -> Verdict {
        var allowed: Set<KeyAction> = []
        for statement in statements where statement.names(principal) {
            switch statement.effect {
            case .allow: allowed.formUnion(statement.actions)
            case .deny: if !statement.actions.isDisjoint(with: actions) { return .denied }
            }
        }
        return actions.isSubset(of: allowed) ? .allowed : .silent
    }

    /// Returns true if the statements allow the action to the principal.
    package func allows(_ action: KeyAction, to principal: Principal) -> Bool {
        decide([action], for: principal) == .allowed
    }

    enum Verdict {
        case allowed
        /// No statement allows it; a grant may.
        case silent
        /// A statement denies it; nothing else can allow it.
        case denied
    }
}

/// A statement that some parties may, or may not, perform some actions.
package struct AccessStatement: Hashable, Sendable {
    package enum Effect: String, Sendable, CaseIterable {
        case allow
        case deny
    }

    package enum Party: Hashable, Sendable {
        /// All subjects with a role in the key's project; in a denial, all subjects.
        case everyone
        case subject(SubjectID)
        case group(GroupID)
    }

    package let effect: Effect
    package let parties: Set<Party>
    package let actions: Set<KeyAction>

    package init(effect: Effect, parties: Set<Party>, actions: Set<KeyAction>) {
        self.effect = effect
        self.parties = parties
        self.actions = actions
    }

    func names(_ principal: Principal) -> Bool {
        parties.contains {
            switch $0 {
            case .everyone: true
            case .subject(let subject): subject == principal.subject
            case .group(let group): principal.groups.contains(group)
            }
        }
    }
}

extension AccessStatement.Party {
    /// The party as text: `*`, `subject:NAME` or `group:NAME`.
    package var text: String {
        switch self {
        case .everyone: "*"
        case .subject(let subject): "subject:\(subject.text)"
        case .group(let group): "group:\(group.text)"
        }
    }

    /// Reads a party; `nil` if the text is not one.
    package init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count) {
        case ("*", 1): self = .everyone
        case ("subject", 2):
            guard let subject = try? SubjectID(parts[1]) else { return nil }
            self = .subject(subject)
        case ("group", 2):
            guard let group = try? GroupID(parts[1]) else { return nil }
            self = .group(group)
        default: return nil
        }
    }
}

extension AccessStatement {
    /// The statement as text: `allow` or `deny`, the number of parties, the parties and the actions, each list sorted by name.
    /// Spaces separate them.
    package var text: String {
        ([effect.rawValue, "\(parties.count)"] + parties.map(\.text).sorted() + actions.map(\.rawValue).sorted())
            .joined(separator: " ")
    }

    /// Reads a statement; `nil` if the text is not one.
    package init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, let effect = Effect(rawValue: words[0]), let count = Int(words[1]), count >= 0,
            count <= words.count - 2
        else { return nil }
        let parties = words[2..<2 + count].compactMap { Party(text: $0) }
        let actions = words[(2 + count)...].compactMap { KeyAction(rawValue: $0) }
        guard parties.count == count, actions.count == words.count - 2 - count else { return nil }
        self.init(effect: effect, parties: Set(parties), actions: Set(actions))
        guard self.text == text else { return nil }
    }
}
