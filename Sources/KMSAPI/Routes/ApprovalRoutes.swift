import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of approvals and approval policies.
struct ApprovalRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("approvals", [.get: list])
        router.path("approvals/{approval}", [.get: describe])
        router.path("approvals/{approval}/approve", [.post: approve])
        router.path("approvals/{approval}/reject", [.post: reject])
        router.path("approval-policies", [.get: policies])
        router.path("approval-policies/{operation}", [.put: setPolicy])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listApprovals(after: query.cursor, limit: query.limit, by: context.principal)
        let now = service.now
        return Envelope.success("approvals", requestID: context.requestID, size: 512 * page.items.count) {
            $0.list("approvals", page.items) { writer, approval in
                writer.object { $0.fields(of: approval, at: now) }
            }
            $0.next(page.next)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let approval = try await service.approval(context.approval(), by: context.principal)
        return answer("approval", approval, context)
    }

    @Sendable func approve(_ request: Request, _ context: APIContext) async throws -> Response {
        let approval = try await service.approve(context.approval(), by: context.principal)
        return answer("approved", approval, context)
    }

    @Sendable func reject(_ request: Request, _ context: APIContext) async throws -> Response {
        let approval = try await service.reject(context.approval(), by: context.principal)
        return answer("rejected", approval, context)
    }

    private func answer(_ message: StaticString, _ approval: ApprovalRecord, _ context: APIContext) -> Response {
        let now = service.now
        return Envelope.success(message, requestID: context.requestID) { $0.fields(of: approval, at: now) }
    }

    @Sendable func policies(_ request: Request, _ context: APIContext) async throws -> Response {
        let policies = try await service.approvalPolicies(by: context.principal)
        return Envelope.success("approval policies", requestID: context.requestID, size: 512 * policies.count) {
            $0.list("policies", policies) { writer, policy in writer.object { $0.fields(of: policy) } }
        }
    }

    @Sendable func setPolicy(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(ApprovalPolicyBody.self, of: request)
        let policy = try await service.setApprovalPolicy(
            for: context.guardedOperation(), required: body.required, approvers: body.approvers, hours: body.hours,
            by: context.principal)
        return Envelope.success("approval policy set", requestID: context.requestID) { $0.fields(of: policy) }
    }
}
