import ArgumentParser
import KMSClient

/// The option `--context name=value`, repeated for each pair.
struct ContextOption: ParsableArguments {
    @Option(name: .customLong("context"), help: "A pair NAME=VALUE of the encryption context; may be repeated.")
    var pairs: [String] = []

    /// The pairs; none if the option is not given.
    func context() throws(Failure) -> NameValuePairs { try PairOptions.pairs(pairs, of: "--context") }
}
