/// What a subject may do in a project.
public enum Role: String, Sendable, CaseIterable {
    /// List and describe; no cryptography.
    case viewer
    /// Viewer, and the cryptographic operations.
    case user
    /// User, and the life of keys.
    case manager
}

/// What is asked of the service.
public enum Verb: String, Sendable, CaseIterable {
    case listKeys
    case describeKey
    case createKey
    case updateKey
    case rotateKey
    case issueDataKey
    case encrypt
    case decrypt
    case reEncrypt
    case sign
    case verify
    case generateMAC
    case verifyMAC
    case generateRandom
    case readPublicKey
    case changeState
    case destroy
    case deleteKey
    case importKey
    case listAliases
    case changeAlias
}

/// Who may do what. Nothing else in the service decides it.
public enum AccessPolicy {
    public enum Decision: Hashable, Sendable {
        case allowed
        case denied(reason: String)
    }

    /// The least role that a verb takes.
    public static func leastRole(for verb: Verb) -> Role {
        switch verb {
        case .listKeys, .describeKey, .readPublicKey, .listAliases: .viewer
        case .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC, .verifyMAC, .generateRandom:
            .user
        case .createKey, .updateKey, .rotateKey, .changeState, .destroy, .deleteKey, .importKey, .changeAlias:
            .manager
        }
    }

    public static func decide(_ verb: Verb, role: Role) -> Decision {
        let least = leastRole(for: verb)
        guard rank(role) >= rank(least) else {
            return .denied(
                reason: "\(verb.rawValue) takes the role \(least.rawValue); this credential has \(role.rawValue)")
        }
        return .allowed
    }

    private static func rank(_ role: Role) -> Int {
        switch role {
        case .viewer: 0
        case .user: 1
        case .manager: 2
        }
    }
}
