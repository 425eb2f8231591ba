/// A mechanism and its parameters (`CK_MECHANISM`, v2.40 §3.5).
///
/// The factories check nothing that the token also checks. Wrong parameters are returned as `CKR_MECHANISM_PARAM_INVALID`, or as
/// a code of the module's choice. Mechanisms without a factory are made with ``init(_:parameter:)``.
/// made with ``init(_:parameter:)``.
public struct Mechanism: Sendable, Hashable, CustomStringConvertible {
    /// The type of the operation.
    public let type: MechanismType
    let parameters: Parameters

    enum Parameters: Sendable, Hashable {
        case none
        case bytes([UInt8])
        case gcm(iv: [UInt8], aad: [UInt8], tagBits: Int)
        case oaep(OAEPParameters)
        case pss(hash: HashFunction, mgf: HashFunction, saltLength: Int)
        case rsaAESKeyWrap(aesKeyBits: Int, OAEPParameters)
        case ecdh1(kdf: KeyDerivation, publicPoint: [UInt8], sharedData: [UInt8])
    }

    struct OAEPParameters: Sendable, Hashable {
        let hash: HashFunction
        let mgf: HashFunction
        let label: [UInt8]
    }

    /// A mechanism without parameters.
    public init(_ type: MechanismType) {
        self.init(type, .none)
    }

    /// A mechanism whose parameter is plain bytes, such as the initialization vector of AES-CBC.
    public init(_ type: MechanismType, parameter: [UInt8]) {
        self.init(type, .bytes(parameter))
    }

    init(_ type: MechanismType, _ parameters: Parameters) {
        self.type = type
        self.parameters = parameters
    }

    /// The type's name. Parameters are not printed.
    public var description: String { type.description }
}

/// A hash function as a parameter of another mechanism.
public enum HashFunction: Sendable, Hashable, CaseIterable {
    case sha1
    case sha224
    case sha256
    case sha384
    case sha512

    /// The length of the digest in bytes.
    public var digestLength: Int {
        switch self {
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}

/// The derivation of a key from a shared secret (Current Mechanisms v2.40 §2.3.8).
public enum KeyDerivation: Sendable, Hashable {
    /// The secret itself, or its first bytes.
    case none
    /// ANSI X9.63 with SHA-1, and so on.
    case sha1
    case sha224
    case sha256
    case sha384
    case sha512
}
