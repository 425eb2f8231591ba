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
