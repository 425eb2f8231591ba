import ArgumentParser
import KMSClient

struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval", abstract: "Operations that need the approval of several.",
        discussion: """
            Making and retiring roots, destroying key material, giving a key to another owner, and changing what needs approvals can each \
            be made to need k approvals out of n named subjects. A caller who then asks for one is told the id of a request. When enough \
            others have approved it, the caller asks again for exactly the same with --approval ID, once.

            When too few approvers are left, 'kms approval policy reset' lowers a policy with the token's PIN.

            Example: kms approval policy set root-retire --required 2 --approver ann --approver bob --approver eve
            Example: kms approval approve 3f62c9a0b1d2e4f5
            Example: kms root retire 1 --out epoch-1.json --approval 3f62c9a0b1d2e4f5
            """,
        subcommands: [
            ApprovalList.self, ApprovalShow.self, ApprovalApprove.self, ApprovalReject.self, ApprovalPolicyCommand.self,
        ])
}

extension ApprovalAnswer.Decision {
    fileprivate var text: String {
        let presented = [authentication, scope.map { "for project \($0) only" }].compactMap(\.self)
        return "\(subject), \(at)" + (presented.isEmpty ? "" : " (\(presented.joined(separator: ", ")))")
    }
}

extension ApprovalAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("approval", id)
        table.add("operation", operation)
        table.add("project", ifAny: project)
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { table.add("  \(name)", value) }
        table.add("requested by", "\(requester), \(requestedAt)")
        table.add("expires", expiresAt)
        table.add("required", "\(required)")
        for approval in approvals { table.add("approved by", approval.text) }
        table.add("rejected by", ifAny: rejection?.text)
        table.add("used", ifAny: usedAt)
        table.add("status", status)
        return table.text
    }

    fileprivate var parameterText: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}

extension ApprovalPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("APPROVAL", "OPERATION", "PARAMETERS", "REQUESTED BY", "APPROVALS", "STATUS", "EXPIRES")
        for approval in approvals {
            table.add(
                approval.id, approval.operation, approval.parameterText, approval.requester,
                "\(approval.approvals.count) of \(approval.required)", approval.status, approval.expiresAt)
        }
        return table
    }
}

struct ApprovalList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the requests that concern you; a platform administrator sees all.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms approval list" }

    func request() -> KMSRequest<ApprovalPageAnswer> { KMSRequest(.get, "/api/v1/approvals" + pages.query) }
}

struct ApprovalShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a request with all its parameters.")

    @Argument(help: "The id of the request.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalAnswer> { KMSRequest(.get, APIPath.approval(id)) }
}

struct ApprovalApprove: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve what somebody else requested. Look at it first: kms approval show.")

    @Argument(help: "The id of the request.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalAnswer> { KMSRequest(.post, APIPath.approval(id) + "/approve") }
}

struct ApprovalReject: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a request, or take your own back. It cannot be approved any more.")

    @Argument(help: "The id of the request.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalAnswer> { KMSRequest(.post, APIPath.approval(id) + "/reject") }
}

struct ApprovalPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "What needs approvals, and of whom.",
        subcommands: [ApprovalPolicyShow.self, ApprovalPolicySet.self, ApprovalPolicyReset.self])
}

struct ApprovalPolicyShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what needs approvals, and of whom.")

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalPoliciesAnswer> { KMSRequest(.get, "/api/v1/approval-policies") }
}

extension ApprovalPoliciesAnswer: PrintableAnswer {
    var text: String {
        var table = Table("OPERATION", "REQUIRED", "APPROVERS", "HOURS", "CHANGED")
        for policy in policies {
            table.add(
                policy.operation, "\(policy.required)", policy.approvers.joined(separator: ", "), "\(policy.hours)",
                policy.changedAt)
        }
        return table.text
    }
}

struct ApprovalPolicySet: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Say how many of whom have to approve an operation. For platform administrators.",
        discussion: """
            Itself it needs the approvals of every policy in force; the first policy of all is free. Approvers have to be platform \
            administrators, or for destruction and owner-change Managers of the key's project: when they approve, and still when it is \
            done. A credential for one project approves nothing for the platform. An approver whom a policy needs can neither be \
            deleted, disabled nor demoted; change the policy first.

            Example: kms approval policy set destruction --required 2 --approver ann --approver bob --approver eve
            """)

    @Argument(help: "root-rotate, root-retire, destruction, owner-change or approval-policy.")
    var operation: String

    @Option(help: "How many approvals; 0 for none.")
    var required: Int

    @Option(name: .customLong("approver"), help: "A subject who may approve it; may be repeated.")
    var approvers: [String] = []

    @Option(help: "How many hours a request waits, and an approved one can be used: 1 to 720.")
    var hours: Int = 24

    @OptionGroup var options: ApprovedPlatformOptions

    private struct Body: Encodable {
        let required: Int
        let approvers: [String]
        let hours: Int
    }

    func request() -> KMSRequest<ApprovalPolicyAnswer> {
        KMSRequest(
            .put, APIPath.approvalPolicy(operation), Body(required: required, approvers: approvers, hours: hours))
    }

    func show(_ answer: ApprovalPolicyAnswer) throws {
        try StandardOutput.write(
            "\(answer.operation): \(answer.required) approvals of \(answer.approvers.joined(separator: ", "))\n")
    }
}
