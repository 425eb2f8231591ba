import ArgumentParser
import KMSClient

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Create, list, show and change keys; import material.",
        discussion: "What concerns one version of a key is under 'kms version'.",
        subcommands: [
            KeyCreate.self, KeyList.self, KeyShow.self, KeyVersions.self, KeyUsage.self, KeyUpdate.self, KeyRotate.self,
            KeyActivate.self, KeyEnable.self, KeyDisable.self, KeyDelete.self, KeyScheduleDeletion.self,
            KeyCancelDeletion.self, KeyDeleteMaterial.self, KeyImport.self, KeyAccessCommand.self, KeyGrantCommand.self,
        ])
}

struct KeyCreate: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a key.",
        discussion: """
            Algorithms: AES256-GCM96 (the standard), RSA-2048, RSA-3072, RSA-4096, EC-P256, EC-P384, EC-P521, EC-SECP256K1, \
            ED25519, HMAC-SHA256, HMAC-SHA384, HMAC-SHA512; 'kms token probe' tells which of them the token can.

            Example: kms key create invoices --description 'Data keys of the invoice service' --rotation-days 90
            Example: kms key create releases --algorithm EC-P256 --tag team=build
            """)

    @Argument(help: "The name: 1 to 128 letters, digits, '.', '_' and '-'.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Option(name: .customLong("tag"), help: "A tag NAME=VALUE; may be repeated.")
    var tags: [String] = []

    @Option(help: "The algorithm.", completion: .algorithms)
    var algorithm: String?

    @Option(
        help:
            "encryptDecrypt, signVerify, generateVerifyMAC or keyAgreement, where the algorithm leaves a choice (RSA, EC)."
    )
    var usage: String?

    @Option(help: "Rotate the key by itself after so many days, 1 to 1095.")
    var rotationDays: Int?

    @Flag(help: "The material will be imported ('kms key import'); until then the key is in pre-activation.")
    var imported = false

    @Flag(help: "Make no version yet; the key does no cryptography until it is activated.")
    var preActivation = false

    @Flag(help: "Create nothing; say whether it could be.")
    var dryRun = false

    @Option(help: "A name for this request: sent again under the same name, it is answered again and not done again.")
    var idempotencyKey: String?

    @OptionGroup var output: OutputOptions

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
}

struct KeyList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of the project by name.",
        discussion: "Example: kms key list --state active --tag team=build --rotation-due-before 2027-01-01")

    @Option(help: "preActivation, active, deactivated or destroyed.")
    var state: String?

    @Option(help: "Keys of this algorithm.", completion: .algorithms)
    var algorithm: String?

    @Option(help: "encryptDecrypt, signVerify, generateVerifyMAC or keyAgreement.")
    var usage: String?

    @Option(help: "generated or imported.")
    var origin: String?

    @Option(help: "Keys with this tag: NAME or NAME=VALUE.")
    var tag: String?

    @Option(help: "Keys that are rotated by themselves, and before this day (YYYY-MM-DD).")
    var rotationDueBefore: String?

    @Flag(help: "Disabled keys only.")
    var disabled = false

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    var command: String { "kms key list" }

    func request() -> KMSRequest<KeyPageAnswer> {
        var filter = KeyFilter()
        filter.state = state
        filter.algorithm = algorithm
        filter.usage = usage
        filter.origin = origin
        filter.tag = tag
        filter.isEnabled = disabled ? false : nil
        filter.rotationDueBefore = rotationDueBefore
        return .listKeys(filter, page: pages.page)
    }
}

extension KeyPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("NAME", "STATE", "VERSION", "ALGORITHM", "NEXT ROTATION", "ID", "CREATED")
        for key in keys {
            table.add(
                key.name, key.state + (key.enabled ? "" : " (disabled)"),
                key.defaultVersion.map(String.init) ?? "-", key.algorithm, key.nextRotationAt ?? "-", key.id,
                key.createdAt)
        }
        return table
    }
}

struct KeyShow: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a key.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAnswer> { .describeKey(key.reference) }
}

struct KeyVersions: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the versions of a key, the newest first.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    var command: String { "kms key versions \(key.reference)" }

    func request() -> KMSRequest<VersionPageAnswer> { .listVersions(of: key.reference, page: pages.page) }
}

struct KeyUsage: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show who used a key in the last 90 days, and how.",
        discussion: "Example: kms key usage invoices")

    @OptionGroup var key: KeyArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyUsageAnswer> { KMSRequest(.get, APIPath.key(key.reference) + "/usage") }
}

extension KeyUsageAnswer: PrintableAnswer {
    var text: String {
        var table = Table("SUBJECT", "VERB", "COUNT", "LAST USED")
        for use in uses { table.add(use.subject, use.verb, "\(use.count)", use.lastUsedAt) }
        return table.text
    }
}

extension VersionPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("VERSION", "STATE", "CREATED", "CHANGED", "REASON")
        for version in versions {
            table.add(
                "\(version.number)", version.state, version.createdAt, version.changedAt, version.reason ?? "-")
        }
        return table
    }
}
