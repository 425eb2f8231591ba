/// The token and its module (`CK_TOKEN_INFO` and `CK_INFO`, PKCS #11 v2.40 §3.1 and §3.2).
package struct TokenFacts: Codable, Hashable, Sendable {
    package let label: String
    package let serialNumber: String
    package let manufacturer: String
    package let model: String
    package let hardwareVersion: String
    package let firmwareVersion: String
    package let module: String
    package let moduleManufacturer: String
    package let moduleDescription: String
    package let moduleVersion: String
    package let cryptokiVersion: String
    /// SHA-256 of the module's file, hexadecimal; `nil` if the module is not named by a path.
    package let moduleSHA256: String?

    package init(
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
