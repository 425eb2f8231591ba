/// The part of a token that supplies evidence of custody: the attributes of its keys, and the operations on them that it
/// refuses.
public protocol CustodyToken: Sendable {
    /// Returns the identity of the token and of the module through which it is reached.
    func facts() async throws(TokenError) -> TokenFacts

    /// Reads the attributes of all root keys and of the audit key, and tries on each every operation that must be refused.
    func examineRoots() async throws(TokenError) -> [KeyExamination]

    /// Unwraps versions as for use, and examines them in the same way. They are gone from the token when this returns.
    func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination]
}

/// The token and its module (`CK_TOKEN_INFO` and `CK_INFO`, PKCS #11 v2.40 §3.1 and §3.2).
public struct TokenFacts: Codable, Hashable, Sendable {
    public let label: String
    public let serialNumber: String
    public let manufacturer: String
    public let model: String
    public let hardwareVersion: String
    public let firmwareVersion: String
    public let module: String
    public let moduleManufacturer: String
    public let moduleDescription: String
    public let moduleVersion: String
    public let cryptokiVersion: String
    /// SHA-256 of the module's file, hexadecimal; `nil` if the module is not named by a path.
    public let moduleSHA256: String?

    public init(
        label: String, serialNumber: String, manufacturer: String, model: String, hardwareVersion: String,
        firmwareVersion: String, module: String, moduleManufacturer: String, moduleDescription: String,
        moduleVersion: String, cryptokiVersion: String, moduleSHA256: String?
    ) {
        self.label = label
        self.serialNumber = serialNumber
        self.manufacturer = manufacturer
        self.model = model
        self.hardwareVersion = hardwareVersion
        self.firmwareVersion = firmwareVersion
        self.module = module
        self.moduleManufacturer = moduleManufacturer
        self.moduleDescription = moduleDescription
        self.moduleVersion = moduleVersion
        self.cryptokiVersion = cryptokiVersion
        self.moduleSHA256 = moduleSHA256
    }
}

/// The attributes of one key, and the results of attempts to misuse it.
public struct KeyExamination: Codable, Hashable, Sendable {
    /// An attempt at an operation that must be refused.
    public struct Trial: Codable, Hashable, Sendable {
        public let attempt: String
        public let isRefused: Bool
        /// The return value of the function that refused it, such as `CKR_KEY_UNEXTRACTABLE`; `nil` if none did.
        public let code: String?

        public init(attempt: String, isRefused: Bool, code: String?) {
            self.attempt = attempt
            self.isRefused = isRefused
            self.code = code
        }
    }

    /// The key's label, or the version's id.
    public let key: String
    /// The attributes by their names in PKCS #11; `not told` for one that the token does not know.
    public let attributes: [String: String]
    /// `CKA_ALLOWED_MECHANISMS`; empty if the token does not limit them.
    public let allowedMechanisms: [String]
    /// A value computed with the key over a fixed text, hexadecimal; `nil` where none can be computed.
    public let checkValue: String?
    public let trials: [Trial]
    /// The attributes that are not as required, one sentence each.
    public let findings: [String]

    public init(
        key: String, attributes: [String: String], allowedMechanisms: [String], checkValue: String?, trials: [Trial],
        findings: [String]
    ) {
        self.key = key
        self.attributes = attributes
        self.allowedMechanisms = allowedMechanisms
        self.checkValue = checkValue
        self.trials = trials
        self.findings = findings
    }

    /// True if all attributes are as required and every attempt was refused.
    public var isGood: Bool { findings.isEmpty && trials.allSatisfy(\.isRefused) }
}
