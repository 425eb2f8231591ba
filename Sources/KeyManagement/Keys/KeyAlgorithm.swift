/// What a key computes with. A key has one algorithm for life.
public enum KeyAlgorithm: String, Sendable, CaseIterable {
    /// AES with 256-bit keys in Galois/Counter Mode, random 96-bit nonces and 128-bit tags (NIST SP 800-38D).
    case aes256GCM96 = "AES256-GCM96"

    /// What keys of this algorithm are for.
    public var usage: KeyUsage {
        switch self {
        case .aes256GCM96: .encryptDecrypt
        }
    }
}

/// What a key may be used for. A key has one usage for life.
public enum KeyUsage: String, Sendable, CaseIterable {
    /// Encrypt, decrypt, and issue data keys.
    case encryptDecrypt
}

/// Where the material of a key comes from.
public enum KeyOrigin: String, Sendable, CaseIterable {
    /// Generated in the token.
    case generated
}

/// Whether a key answers at all, beside the states of its versions.
public enum KeyAvailability: String, Sendable, CaseIterable {
    case enabled
    case disabled
}
