import ArgumentParser

/// The options of commands that start services of their own and put load on them.
struct LoadOptions: ParsableArguments {
    @Option(help: "An empty folder for tokens, stores and logs. It is left as it is.")
    var folder: String

    @Option(help: "How many connections.")
    var connections = 32

    @Option(
        name: .customLong("set"), help: "A setting of the service, such as KMS_AUDIT_DURABLE=false; may be repeated.")
    var settings: [String] = []

    /// The settings by their names.
    var serviceSettings: [String: String] {
        let pairs = settings.compactMap { text in
            text.firstIndex(of: "=").map { (String(text[..<$0]), String(text[text.index(after: $0)...])) }
        }
        return Dictionary(pairs) { $1 }
    }
}
