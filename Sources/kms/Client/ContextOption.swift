import ArgumentParser
import KeyManagement

/// The option `--context name=value`, repeated for each pair.
struct ContextOption: ParsableArguments {
    @Option(name: .customLong("context"), help: "A pair NAME=VALUE that the ciphertext is bound to; may be repeated.")
    var pairs: [String] = []

    /// Returns the pairs as the API takes them; nil if there are none.
    func context() throws(Failure) -> TextPairs? { try Self.pairs(pairs, of: "--context") }

    static func pairs(_ texts: [String], of option: String) throws(Failure) -> TextPairs? {
        let pairs = try PairOptions.pairs(texts, of: option)
        return pairs.isEmpty ? nil : pairs
    }
}
