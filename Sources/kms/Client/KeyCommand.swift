import ArgumentParser
import KMSClient

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Create, list, show and change keys.",
        discussion: "For a single version of a key, see 'kms version'.",
        subcommands: [
            KeyCreate.self, KeyList.self, KeyShow.self, KeyUsage.self, KeyUpdate.self, KeyRotate.self,
            KeyActivate.self, KeyEnable.self, KeyDisable.self, KeyScheduleDeletion.self, KeyCancelDeletion.self,
            KeyDelete.self, KeyImport.self, KeyDeleteMaterial.self, KeyAccessCommand.self, KeyGrantCommand.self,
            KeyVersions.self,
        ])
}

struct KeyShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a key.", discussion: "Example: kms key show payroll")

    @OptionGroup var key: KeyArgument
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAnswer> { .describeKey(key.reference) }
}

struct KeyUsage: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show who used a key in the last 90 days.",
        discussion: "Lists at most 1,000 pairs of subject and verb, the latest first.\n\nExample: kms key usage payroll"
    )

    @OptionGroup var key: KeyArgument
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyUsageAnswer> { KMSRequest(.get, APIPath.key(key.reference) + "/usage") }
}

extension KeyUsageAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = Table("SUBJECT", "VERB", "COUNT", "LAST USED")
        for use in uses { table.add(.text(use.subject), .text(use.verb), "\(use.count)", .time(use.lastUsedAt)) }
        return table.text(in: style)
    }
}

struct KeyVersions: RenamedCommand {
    static let newName = "version list KEY"
    static let configuration = CommandConfiguration.renamed("versions", to: newName)

    @OptionGroup var command: VersionList
}
