import ArgumentParser
import KMSClient

struct KeyUpdate: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a key's name, description, tags or rotation.",
        discussion: "Example: kms key update payroll --rotation-days 90 --tag team=finance")

    @OptionGroup var key: KeyArgument

    @Option(help: "The new name.")
    var name: String?

    @Option(help: "The new description; '' removes it.")
    var description: String?

    @Option(name: .customLong("tag"), help: "A tag NAME=VALUE; may be repeated. The given tags replace all others.")
    var tags: [String] = []

    @Flag(help: "Remove all tags.")
    var withoutTags = false

    @Option(help: "Rotate the key automatically every so many days, 1 to 1095; 0 ends automatic rotation.")
    var rotationDays: Int?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() throws -> KMSRequest<KeyAnswer> {
        guard tags.isEmpty || !withoutTags else {
            throw Failure(.input, "--tag and --without-tags exclude each other")
        }
        var changes = KeyPropertyChanges()
        changes.name = name
        changes.description = description
        changes.rotationDays = rotationDays
        if withoutTags || !tags.isEmpty { changes.tags = try PairOptions.pairs(tags, of: "--tag") }
        return .updateKey(key.reference, changes)
    }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        var changes: [String] = []
        if name != nil { changes.append("name \(key.name)") }
        if description != nil { changes.append(key.description.isEmpty ? "no description" : "description") }
        if withoutTags || !tags.isEmpty {
            changes.append(tags.isEmpty ? "no tags" : "tags \(tags.joined(separator: ", "))")
        }
        if rotationDays != nil {
            changes.append(key.rotationDays.map { "rotated every \($0) days" } ?? "rotated manually")
        }
        return "Updated \(self.key.reference): \(changes.joined(separator: "; "))"
    }
}
