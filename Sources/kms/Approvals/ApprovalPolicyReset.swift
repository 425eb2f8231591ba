import ArgumentParser
import KeyManagement
import Logging

struct ApprovalPolicyReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Lower or remove an approval policy with the PIN.",
        discussion: """
            For an operator with the configuration, the PIN and the store, if too few approvers remain to change the policy. Requires no \
            approval. Works on this machine's store, also while the service is running. The audit log records it as resetApprovalPolicy, \
            with the earlier policy.

            Example: kms approval policy reset destruction --yes
            Example: kms approval policy reset root-rotate --required 1 --yes
            """)

    @Argument(help: "root-rotate, root-retire, destruction, owner-change or approval-policy.")
    var operation: String

    @Option(help: "The new number of approvals, lower than before; 0 removes the policy.")
    var required = 0

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ConfigurationOptions

    private struct Outcome: Encodable {
        let operation: String
        let required: Int
        let approvers: [String]
    }

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
            if !confirmation.yes {
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
                let approvers = policy.approvers.sorted().map(\.text)
                try output.show(
                    Outcome(operation: operation.rawValue, required: policy.required, approvers: approvers),
                    as: policy.isInForce
                        ? "\(operation.rawValue) needs \(policy.required) of these approvals: \(names)\n"
                        : "\(operation.rawValue) needs no approvals\n")
            } catch {
                try? await opened.close()
                throw error
            }
        }
    }
}
