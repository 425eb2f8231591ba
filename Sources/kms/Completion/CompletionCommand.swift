import ArgumentParser

struct CompletionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell.",
        discussion: """
            The script completes commands, options, and the names of keys, aliases, projects and contexts.

            Example: kms completion bash > ~/.local/share/bash-completion/completions/kms
            Example: kms completion zsh > ~/.zfunc/_kms
            Example: kms completion fish > ~/.config/fish/completions/kms.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    func run() async throws {
        try await reporting {
            let shell: CompletionShell =
                switch shell {
                case .bash: .bash
                case .zsh: .zsh
                case .fish: .fish
                }
            try StandardOutput.write(KMS.completionScript(for: shell) + "\n")
        }
    }
}
