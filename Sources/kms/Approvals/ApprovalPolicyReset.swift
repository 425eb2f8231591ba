import ArgumentParser
import KeyManagement
import Logging

struct ApprovalPolicyReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Lower or remove an approval policy, by the token's PIN.",
        discussion: """
            For an operator who has the configuration, the PIN and the store, where too few approvers are left to change the policy. It \
            needs no approval. Works on this machine's store, also while the service runs elsewhere on it. The audit log has it as \
            resetApprovalPolicy, with the policy as it was.

            Example: kms approval policy reset destruction --yes
            Example: kms approval policy reset root-rotate --required 1 --yes
            """)

    @Argument(help: "root-rotate, root-retire, destruction, owner-change or approval-policy.")
    var operation: String

    @Option(help: "How many approvals are needed from now on, fewer than before; 0 removes the policy.")
    var required = 0

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard GuardedOperation(rawValue: operation) != nil else {
            let names = GuardedOperation.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("no approval policy '\(operation)'; it is one of \(names)")
        }
        guard required >= 0 else { throw ValidationError("--required is 0 or more, not \(required)") }
    }

    func run() async throws {
        try await reporting {
            guard let operation = GuardedOperation(rawValue: operation) else { return }
            if !yes {
                try Confirmation.ask(
                    "This lowers approval policy '\(operation.rawValue)' to \(required) approvals, without any approval.",
                    expecting: operation.rawValue)
            }
            let opened = try await OpenService.open(
                try Configuration(try options.settings()), storeAccess: .existing, chain: .local,
                logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                try await opened.checkStore()
                let policy = try await opened.service.resetApprovalPolicy(for: operation, required: required)
                try await opened.close()
                let names = policy.approvers.sorted().map(\.text).joined(separator: ", ")
                try StandardOutput.write(
                    policy.isInForce
                        ? "\(operation.rawValue): \(policy.required) approvals of \(names)\n"
                        : "\(operation.rawValue): needs no approvals\n")
            } catch {
                try? await opened.close()
                throw error
            }
        }
    }
}
