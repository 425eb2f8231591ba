import ArgumentParser
import KMSClient

struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval", abstract: "Approve operations that need several people.",
        discussion: """
            A policy can require k approvals from n named subjects for: rotating and retiring roots, destroying key material, transferring \
            a key to another owner, and changing a policy. The first attempt then fails and prints the id of a request. After enough \
            approvals, the caller repeats the same command once with --approval ID.

            If too few approvers remain, 'kms approval policy reset' lowers a policy; it requires the token's PIN.

            Example: kms approval policy set root-retire --required 2 --approver ann \\
                --approver bob --approver eve
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
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("approval", id)
        table.add("operation", operation)
        table.add("project", ifAny: project)
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { table.add("  \(name)", value) }
        table.add("requested by", requester)
        table.add("requested", .time(requestedAt))
        table.add("expires", .time(expiresAt))
        table.add("required", "\(required)")
        for approval in approvals { table.add("approved by", approval.text) }
        table.add("rejected by", ifAny: rejection?.text)
        table.add("used", timeIfAny: usedAt)
        table.add("status", .state(status))
        return table.text(in: style)
    }

    fileprivate var parameterText: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}

extension ApprovalPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("APPROVAL", "OPERATION", "PARAMETERS", "REQUESTER", "APPROVALS", "STATUS", .wide("EXPIRES"))
        for approval in approvals {
            table.add(
                .text(approval.id), .text(approval.operation), .free(approval.parameterText), .text(approval.requester),
                "\(approval.approvals.count) of \(approval.required)", .state(approval.status),
                .time(approval.expiresAt))
        }
        return table
    }
}

struct ApprovalList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List requests that the caller made or may approve.",
        discussion: "A platform administrator sees all of them.\n\nExample: kms approval list")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<ApprovalPageAnswer> {
        KMSRequest(.get, "/api/v1/approvals" + APIPath.query(page))
    }
}

struct ApprovalShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a request with all its parameters.",
        discussion: "Example: kms approval show 3f62c9a0b1d2e4f5")

    @Argument(help: "The id of the request.")
    var id: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalAnswer> { KMSRequest(.get, APIPath.approval(id)) }
}

struct ApprovalApprove: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve another caller's request.",
        discussion: "Check it first with 'kms approval show'.\n\nExample: kms approval approve 3f62c9a0b1d2e4f5")

    @Argument(help: "The id of the request.")
    var id: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalAnswer> { KMSRequest(.post, APIPath.approval(id) + "/approve") }

    func summary(_ approval: ApprovalAnswer, _ style: TextStyle) -> String {
        "Approved \(approval.operation) for \(approval.requester): "
            + "\(approval.approvals.count) of \(approval.required) approvals"
    }
}

struct ApprovalReject: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a request, or withdraw one's own.",
        discussion: "A rejected request can no longer be approved.\n\nExample: kms approval reject 3f62c9a0b1d2e4f5")

    @Argument(help: "The id of the request.")
    var id: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalAnswer> { KMSRequest(.post, APIPath.approval(id) + "/reject") }

    func summary(_ approval: ApprovalAnswer, _ style: TextStyle) -> String {
        "Rejected \(approval.operation) of \(approval.requester)"
    }
}

struct ApprovalPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Set the operations that need approvals.",
        subcommands: [
            ApprovalPolicyList.self, ApprovalPolicyShow.self, ApprovalPolicySet.self, ApprovalPolicyReset.self,
        ])
}

struct ApprovalPolicyShow: RenamedCommand {
    static let newName = "approval policy list"
    static let configuration = CommandConfiguration.renamed("show", to: newName)

    @OptionGroup var command: ApprovalPolicyList
}

struct ApprovalPolicyList: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the approval policies.", discussion: "Example: kms approval policy list")

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<ApprovalPoliciesAnswer> { KMSRequest(.get, "/api/v1/approval-policies") }
}

extension ApprovalPoliciesAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = Table("OPERATION", "REQUIRED", "APPROVERS", "HOURS", "CHANGED")
        for policy in policies {
            table.add(
                .text(policy.operation), "\(policy.required)", .free(policy.approvers.joined(separator: ", ")),
                "\(policy.hours)", .time(policy.changedAt))
        }
        return table.text(in: style)
    }
}

struct ApprovalPolicySet: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set who must approve an operation.",
        discussion: """
            Requires the platform administrator role, and the approvals of every policy in force; the first policy needs none. Approvers \
            must be platform administrators, or, for destruction and owner-change, managers of the key's project, both when they approve \
            and when the operation is performed. A credential limited to one project cannot approve for the platform. An approver who is \
            needed by a policy cannot be deleted, disabled or demoted; change the policy first.

            Example: kms approval policy set destruction --required 2 --approver ann \\
                --approver bob --approver eve
            """)

    @Argument(help: "root-rotate, root-retire, destruction, owner-change or approval-policy.")
    var operation: String

    @Option(help: "The number of approvals; 0 removes the policy.")
    var required: Int

    @Option(name: .customLong("approver"), help: "A subject who may approve; may be repeated.")
    var approvers: [String] = []

    @Option(help: "Hours for which a request waits and an approved one can be used, 1 to 720.")
    var hours: Int = 24

    @OptionGroup var output: OutputOptions
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

    func summary(_ answer: ApprovalPolicyAnswer) -> String {
        answer.required == 0
            ? "\(answer.operation) needs no approvals"
            : "\(answer.operation) needs \(answer.required) of these approvals: \(answer.approvers.joined(separator: ", "))"
    }
}
