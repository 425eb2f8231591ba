import ArgumentParser
import KMSClient

struct KeyList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of the project by name.",
        discussion: """
            Example: kms key list --state active --tag team=build
            Example: kms key list --rotation-due-before 2027-01-01 --all --json
            """)

    @Option(help: "Only keys in this state: preActivation, active, deactivated or destroyed.")
    var state: String?

    @Option(help: "Only keys of this algorithm.")
    var algorithm: String?

    @Option(help: "Only keys with this usage: encryptDecrypt, signVerify, generateVerifyMAC or keyAgreement.")
    var usage: String?

    @Option(help: "Only keys of this origin: generated or imported.")
    var origin: String?

    @Option(help: "Only keys with this tag: NAME or NAME=VALUE.")
    var tag: String?

    @Option(help: "Only keys that are automatically rotated before this day (YYYY-MM-DD).")
    var rotationDueBefore: String?

    @Flag(help: "Only disabled keys.")
    var disabled = false

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    func request(_ page: ListPage) -> KMSRequest<KeyPageAnswer> {
        var filter = KeyFilter()
        filter.state = state
        filter.algorithm = algorithm
        filter.usage = usage
        filter.origin = origin
        filter.tag = tag
        filter.isEnabled = disabled ? false : nil
        filter.rotationDueBefore = rotationDueBefore
        return .listKeys(filter, page: page)
    }
}

extension KeyPageAnswer: PageAnswer {
    var table: Table {
        var table = Table(
            "NAME", "STATE", "VERSION", "ALGORITHM", "NEXT ROTATION", .wide("USAGE"), .wide("ID"), .wide("CREATED"))
        for key in keys {
            table.add(
                .text(key.name), .state(key.stateText), .text(key.defaultVersion.map(String.init), else: "-"),
                .text(key.algorithm), .time(key.nextRotationAt, else: "-"), .text(key.usage), .text(key.id),
                .time(key.createdAt))
        }
        return table
    }
}
