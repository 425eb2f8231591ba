import ArgumentParser
import KMSClient

/// The argument that names a key.
struct KeyArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The key's name, alias or id.", valueName: "key"), completion: .keys)
    var reference: String

    /// The path of the key in the API.
    var path: String { APIPath.key(reference) }
}
