import KMSClient

/// A command that cannot be undone. It shows what would be lost and asks for a name, unless `--yes` is given.
protocol IrreversibleCommand: RequestCommand {
    var confirmation: ConfirmationOption { get }

    /// Reads what would be lost from the service. Changes nothing.
    func loss(by client: KMSClient) async throws -> Loss
}

/// What an irreversible command would end, for the person who confirms it.
struct Loss {
    let description: String
    /// The name that has to be typed.
    let name: String
}

extension IrreversibleCommand {
    func check() throws { try requireConfirmable() }

    func perform(by client: KMSClient) async throws -> Answer {
        if !confirmation.yes { try confirm(try await loss(by: client)) }
        return try await client.send(try apart { try request() })
    }

    /// Throws if the command is not confirmed by `--yes` and no person can be asked.
    func requireConfirmable() throws(Failure) {
        if !confirmation.yes { try Confirmation.requireTerminal() }
    }

    func confirm(_ loss: Loss) throws(Failure) {
        try Confirmation.ask(loss.description, expecting: loss.name)
    }
}
