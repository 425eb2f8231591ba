import ArgumentParser

extension KMS {
    /// Parses the arguments and runs the command. Never returns.
    static func run(_ arguments: [String]) async {
        // The parser knows the long form only.
        let arguments = arguments == ["-v"] ? ["--version"] : arguments
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch  where exitCode(for: error) == .validationFailure {
            StandardError.write("kms: usage: \(usageText(of: error, arguments))\n")
            exit(withError: ExitCode.validationFailure)
        } catch {
            // 'kms help' of an unknown command would show the help of its parent.
            if arguments.first == "help", let unknown = UnknownCommand.find(in: arguments, below: KMS.self) {
                StandardError.write("kms: usage: \(unknown.text)\n")
                exit(withError: ExitCode.validationFailure)
            }
            exit(withError: error)
        }
        exit(withError: ExitCode.success)
    }

    /// Returns the parser's message, with the commands that an unknown one may stand for.
    private static func usageText(of error: any Error, _ arguments: [String]) -> String {
        if let unknown = UnknownCommand.find(in: arguments, below: KMS.self) { return unknown.text }
        var text = fullMessage(for: error)
        if text.hasPrefix(_errorPrefix) { text.removeFirst(_errorPrefix.count) }
        return text
    }
}

/// A word in the place of a command that is not one.
struct UnknownCommand {
    /// The known words before it, such as `kms key`.
    let path: String
    let word: String
    /// The commands in its place that are similar, the most similar first.
    let suggestions: [String]

    /// Returns the first unknown command; nil if all commands are known.
    static func find(in arguments: [String], below root: any ParsableCommand.Type) -> UnknownCommand? {
        var commands = root.configuration.subcommands
        var path = name(of: root)
        // With a default command, a word may be its argument.
        var hasDefault = false
        for word in arguments {
            if commands.isEmpty || word.hasPrefix("-") { return nil }
            // `kms help` takes the words of a command.
            if word == "help" { continue }
            guard let next = command(named: word, among: commands) else {
                if hasDefault { return nil }
                let names = commands.filter { $0.configuration.shouldDisplay }.map { name(of: $0) }
                return UnknownCommand(
                    path: path, word: word, suggestions: Similarity.closest(to: word, among: names))
            }
            commands = next.configuration.subcommands
            hasDefault = next.configuration.defaultSubcommand != nil
            path += " \(word)"
        }
        return nil
    }

    private static func command(
        named word: String, among commands: [any ParsableCommand.Type]
    ) -> (any ParsableCommand.Type)? {
        for command in commands {
            let configuration = command.configuration
            if name(of: command) == word || configuration.aliases.contains(word) { return command }
        }
        return nil
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    var text: String {
        let similar = suggestions.prefix(3).map { "'\(path) \($0)'" }.joined(separator: ", or ")
        let question = similar.isEmpty ? "" : "; did you mean \(similar)?"
        return "unknown command '\(path) \(word)'\(question)\nSee '\(path) --help' for the commands."
    }
}

/// The similarity of words, for typing errors.
enum Similarity {
    /// Returns the names that differ from `word` by few letters, the closest first.
    static func closest(to word: String, among names: [String]) -> [String] {
        let limit = max(1, min(3, word.count / 2))
        return names.map { (name: $0, distance: distance(Array(word), Array($0))) }
            .filter { $0.distance <= limit || (word.count >= 3 && $0.name.hasPrefix(word)) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.map(\.name)
    }

    /// Returns the number of insertions, deletions, substitutions and exchanges of neighbours that turn one word into the other.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            (before, last) = (last, current)
        }
        return last[right.count]
    }
}
