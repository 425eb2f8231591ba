import ArgumentParser

/// `--context name=value`, as often as there are pairs.
struct ContextOption: ParsableArguments {
    @Option(name: .customLong("context"), help: "A pair NAME=VALUE that the ciphertext is bound to; may be repeated.")
    var pairs: [String] = []

    /// The pairs as the API takes them; nil when there are none.
    func context() throws(Failure) -> [String: String]? { try Self.pairs(pairs, of: "--context") }

    static func pairs(_ pairs: [String], of option: String) throws(Failure) -> [String: String]? {
        var context: [String: String] = [:]
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
                throw Failure(.input, "\(option) '\(pair)' is not NAME=VALUE")
            }
            let name = String(pair[..<equals])
            guard context.updateValue(String(pair[pair.index(after: equals)...]), forKey: name) == nil else {
                throw Failure(.input, "\(option) names '\(name)' twice")
            }
        }
        return context.isEmpty ? nil : context
    }
}
