import ArgumentParser

/// A command under the name that it had before. It works, is hidden, and says what its name is now.
protocol RenamedCommand: AsyncParsableCommand {
    associatedtype New: AsyncParsableCommand

    /// The command as it is called now, such as "version list".
    static var newName: String { get }

    var command: New { get }
}

extension RenamedCommand {
    func run() async throws {
        StandardError.write("kms: note: this command is now 'kms \(Self.newName)'\n")
        var command = command
        try await command.run()
    }
}

extension CommandConfiguration {
    /// The configuration of a ``RenamedCommand``.
    static func renamed(_ oldName: String, to newName: String) -> CommandConfiguration {
        CommandConfiguration(commandName: oldName, abstract: "Renamed to 'kms \(newName)'.", shouldDisplay: false)
    }
}

/// An option under the name that it had before.
enum RenamedOption {
    static func note(_ old: String, _ new: String) {
        StandardError.write("kms: note: \(old) is now \(new)\n")
    }
}
