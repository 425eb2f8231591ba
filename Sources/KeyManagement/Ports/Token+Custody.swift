/// What the domain needs from a token to prove what it says of custody: what the token tells of its keys, and what it refuses to do with
/// them when it is asked.
public protocol CustodyToken: Sendable {
    /// Which token this is, and by which module it is reached.
    func facts() async throws(TokenError) -> TokenFacts

    /// Reads the attributes of all root keys, and of the audit key, and tries on each what has to be refused.
    func examineRoots() async throws(TokenError) -> [KeyExamination]

    /// Takes versions up as for use, and does the same with them. They are gone from the token when this returns.
    func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination]
}

/// Which token, and which module (`CK_TOKEN_INFO` and `CK_INFO`, PKCS #11 v2.40 §3.1 and §3.2).
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
    /// SHA-256 of the module's file, hexadecimal; nil when the module is not named by a path.
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

/// What a token says of one key, and what came of trying to misuse it.
public struct KeyExamination: Codable, Hashable, Sendable {
    /// Something that must not be done with the key.
    public struct Trial: Codable, Hashable, Sendable {
        public let attempt: String
        public let isRefused: Bool
        /// The return value of the function that refused it, such as `CKR_KEY_UNEXTRACTABLE`; nil when none did.
        public let code: String?

        public init(attempt: String, isRefused: Bool, code: String?) {
            self.attempt = attempt
            self.isRefused = isRefused
            self.code = code
        }
    }

    /// The key's label, or the version's id.
    public let key: String
    /// By their names in PKCS #11; `not told` for one that the token does not know.
    public let attributes: [String: String]
    /// `CKA_ALLOWED_MECHANISMS`; empty when the token does not limit them.
    public let allowedMechanisms: [String]
    /// What is computed with the key over a fixed text, hexadecimal; nil where there is nothing of the kind.
    public let checkValue: String?
    public let trials: [Trial]
    /// Where the attributes are not as they have to be, in words.
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

    /// Whether all is as it has to be.
    public var isGood: Bool { findings.isEmpty && trials.allSatisfy(\.isRefused) }
}
