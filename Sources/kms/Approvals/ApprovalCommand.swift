import ArgumentParser

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

struct ApprovalAnswer: Codable {
    struct Decision: Codable {
        let subject: String
        let at: String
        let authentication: String?
        let scope: String?

        var text: String {
            let presented = [authentication, scope.map { "for project \($0) only" }].compactMap(\.self)
            return "\(subject), \(at)" + (presented.isEmpty ? "" : " (\(presented.joined(separator: ", ")))")
        }
    }

    let id: String
    let operation: String
    let project: String?
    let parameters: [String: String]
    let requester: String
    let requestedAt: String
    let expiresAt: String
    let required: UInt32
    let approvals: [Decision]
    let rejection: Decision?
    let usedAt: String?
    let status: String

    var parameterText: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("approval", id)
        sheet.add("operation", operation)
        if let project { sheet.add("project", project) }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { sheet.add("  \(name)", value) }
        sheet.add("requested by", "\(requester), \(requestedAt)")
        sheet.add("expires", expiresAt)
        sheet.add("required", "\(required)")
        for approval in approvals { sheet.add("approved by", approval.text) }
        if let rejection { sheet.add("rejected by", rejection.text) }
        if let usedAt { sheet.add("used", usedAt) }
        sheet.add("status", status)
        return sheet
    }
}

struct ApprovalPageAnswer: Codable {
    let approvals: [ApprovalAnswer]
    let next: String?
}

struct ApprovalPolicyAnswer: Codable {
    let operation: String
    let required: UInt32
    let approvers: [String]
    let hours: UInt32
    let changedAt: String
}

struct ApprovalPoliciesAnswer: Codable {
    let policies: [ApprovalPolicyAnswer]
}

struct ApprovalList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the requests that concern you; a platform administrator sees all.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let page: ApprovalPageAnswer = try await options.client().get("/api/v1/approvals" + pages.query)
            var table = Table("APPROVAL", "OPERATION", "PARAMETERS", "REQUESTED BY", "APPROVALS", "STATUS", "EXPIRES")
            for approval in page.approvals {
                table.add(
                    approval.id, approval.operation, approval.parameterText, approval.requester,
                    "\(approval.approvals.count) of \(approval.required)", approval.status, approval.expiresAt)
            }
            try pages.show(page, as: table, next: page.next, command: "kms approval list")
        }
    }
}

/// The argument and options that all commands about one request share.
struct ApprovalArguments: ParsableArguments {
    @Argument(help: "The id of the request.")
    var id: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func show(_ answer: ApprovalAnswer) throws {
        if json { try JSONText.write(answer) } else { try StandardOutput.write(answer.sheet.text) }
    }
}

struct ApprovalShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a request with all its parameters.")

    @OptionGroup var arguments: ApprovalArguments

    func run() async throws {
        try await reporting {
            try arguments.show(try await arguments.options.client().get(PathText.approval(arguments.id)))
        }
    }
}

struct ApprovalApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve what somebody else requested. Look at it first: kms approval show.")

    @OptionGroup var arguments: ApprovalArguments

    func run() async throws {
        try await reporting {
            try arguments.show(
                try await arguments.options.client().post(PathText.approval(arguments.id) + "/approve"))
        }
    }
}

struct ApprovalReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a request, or take your own back. It cannot be approved any more.")

    @OptionGroup var arguments: ApprovalArguments

    func run() async throws {
        try await reporting {
            try arguments.show(
                try await arguments.options.client().post(PathText.approval(arguments.id) + "/reject"))
        }
    }
}

struct ApprovalPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "What needs approvals, and of whom.",
        subcommands: [ApprovalPolicyShow.self, ApprovalPolicySet.self, ApprovalPolicyReset.self])
}

struct ApprovalPolicyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what needs approvals, and of whom.")

    @Flag(help: "JSON instead of a table.")
    var json = false

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let answer: ApprovalPoliciesAnswer = try await options.client().get("/api/v1/approval-policies")
            if json { return try JSONText.write(answer) }
            var table = Table("OPERATION", "REQUIRED", "APPROVERS", "HOURS", "CHANGED")
            for policy in answer.policies {
                table.add(
                    policy.operation, "\(policy.required)", policy.approvers.joined(separator: ", "), "\(policy.hours)",
                    policy.changedAt)
            }
            try StandardOutput.write(table.text)
        }
    }
}

struct ApprovalPolicySet: AsyncParsableCommand {
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

    func run() async throws {
        try await reporting {
            let answer: ApprovalPolicyAnswer = try await options.client().put(
                PathText.approvalPolicy(operation), Body(required: required, approvers: approvers, hours: hours))
            try StandardOutput.write(
                "\(answer.operation): \(answer.required) approvals of \(answer.approvers.joined(separator: ", "))\n")
        }
    }
}
