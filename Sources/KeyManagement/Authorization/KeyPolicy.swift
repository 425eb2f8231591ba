/// Statements that say for each action who, of those whose role is enough, may do it with a key. What nobody allows is denied, and a
/// denial counts more than any number of permissions.
public struct KeyPolicy: Hashable, Sendable {
    public let statements: [AccessStatement]
    /// The policy as it was written; the service shows it and reads nothing out of it. At most 32 KiB.
    public let document: String

    public static let longestDocument = 32 * 1024
    public static let mostStatements = 100

    /// - Throws: ``KMSError/invalidRequest(_:)`` when it is too long or says nothing.
    public init(statements: [AccessStatement], document: String) throws(KMSError) {
        guard (1...Self.mostStatements).contains(statements.count) else {
            throw .invalidRequest("a key policy has 1 to \(Self.mostStatements) statements, not \(statements.count)")
        }
        guard document.utf8.count <= Self.longestDocument else {
            throw .invalidRequest("the key policy is longer than \(Self.longestDocument) bytes")
        }
        self.statements = statements
        self.document = document
    }

    /// Whether somebody may do all of these.
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

    /// Whether its statements let somebody do a thing, as far as they decide it.
    public func allows(_ action: KeyAction, to principal: Principal) -> Bool {
        decide([action], for: principal) == .allowed
    }

    enum Verdict {
        case allowed
        /// Nothing allows it; a grant may.
        case silent
        /// Nothing else can allow it either.
        case denied
    }
}

/// That some may, or may not, do some things.
public struct AccessStatement: Hashable, Sendable {
    public enum Effect: String, Sendable, CaseIterable {
        case allow
        case deny
    }

    public enum Party: Hashable, Sendable {
        /// All who have a role in the key's project; of a denial, all.
        case everyone
        case subject(SubjectID)
        case group(GroupID)
    }

    public let effect: Effect
    public let parties: Set<Party>
    public let actions: Set<KeyAction>

    public init(effect: Effect, parties: Set<Party>, actions: Set<KeyAction>) {
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
    /// `*`, `subject:NAME` or `group:NAME`.
    public var text: String {
        switch self {
        case .everyone: "*"
        case .subject(let subject): "subject:\(subject.text)"
        case .group(let group): "group:\(group.text)"
        }
    }

    /// Nil when the text is none.
    public init?(text: String) {
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
    /// `allow|deny`, the parties and the actions in the order of their names, each behind a space. No name has one.
    public var text: String {
        ([effect.rawValue, "\(parties.count)"] + parties.map(\.text).sorted() + actions.map(\.rawValue).sorted())
            .joined(separator: " ")
    }

    /// Nil when the text is none.
    public init?(text: String) {
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
