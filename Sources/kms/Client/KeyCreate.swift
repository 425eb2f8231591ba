import ArgumentParser
import KMSClient

struct KeyCreate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a key.",
        discussion: """
            Algorithms: AES256-GCM96 (default), RSA-2048, RSA-3072, RSA-4096, EC-P256, EC-P384, EC-P521, EC-SECP256K1, ED25519, \
            HMAC-SHA224, HMAC-SHA256, HMAC-SHA384, HMAC-SHA512. 'kms token probe' shows which of them the token supports.

            Example: kms key create payroll --description 'Payroll exports' \\
                --rotation-days 90
            Example: kms key create releases --algorithm EC-P256 --tag team=build
            """)

    @Argument(help: "The name: 1 to 128 letters, digits, '.', '_' and '-'.")
    var name: String

    @Option(help: "A description, up to 1024 bytes.")
    var description: String?

    @Option(name: .customLong("tag"), help: "A tag NAME=VALUE; may be repeated.")
    var tags: [String] = []

    @Option(help: "The algorithm. [AES256-GCM96]", completion: .algorithms)
    var algorithm: String?

    @Option(
        help:
            "encryptDecrypt, signVerify, generateVerifyMAC or keyAgreement, where the algorithm allows several (RSA, EC)."
    )
    var usage: String?

    @Option(help: "Rotate the key automatically every so many days, 1 to 1095. [no automatic rotation]")
    var rotationDays: Int?

    @Flag(help: "Create the key without material, which 'kms key import' brings later.")
    var imported = false

    @Flag(help: "Create the key without a version. It cannot be used until it is activated.")
    var preActivation = false

    @Flag(help: "Create nothing; print the key that would be created.")
    var dryRun = false

    @Option(help: "A name for this request. Repeated under the same name, it is performed once.")
    var idempotencyKey: String?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() throws -> KMSRequest<KeyChangeAnswer> {
        var key = NewKey(name: name)
        key.description = description
        key.tags = tags.isEmpty ? nil : try PairOptions.pairs(tags, of: "--tag")
        key.algorithm = algorithm
        key.usage = usage
        key.origin = imported ? "imported" : nil
        key.rotationDays = rotationDays
        key.preActivation = preActivation ? true : nil
        key.dryRun = dryRun ? true : nil
        return .createKey(key, idempotencyKey: idempotencyKey)
    }

    func show(_ answer: KeyChangeAnswer) throws {
        try view.show(answer) { key, _ in Self.summary(key) }
    }

    private static func summary(_ key: KeyAnswer) -> String {
        let created = "Created \(key.name) (\(key.algorithm))"
        guard let version = key.defaultVersion else {
            return key.origin == "imported"
                ? "\(created), without material: import it with 'kms key import \(key.name)'"
                : "\(created), without a version: activate it with 'kms key activate \(key.name)'"
        }
        return "\(created): version \(version), "
            + (key.rotationDays.map { "rotated every \($0) days" } ?? "rotated manually")
    }
}
