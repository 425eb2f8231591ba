import HTTPServing
import JSONText
import KeyManagement

extension JSONWriter {
    mutating func fields(of project: ProjectRecord) {
        field("name", project.id.text)
        field("description", project.description.text)
        field("account", optional: project.location?.account.text)
        field("region", optional: project.location?.region.text)
        field("createdAt", project.createdAt.description)
        field("changedAt", project.changedAt.description)
        field("revision", project.revision)
    }

    mutating func fields(of subject: SubjectRecord) {
        field("name", subject.id.text)
        field("kind", subject.subjectKind.name)
        if let service = subject.subjectKind.service { field("service", service.text) }
        field("description", subject.description.text)
        field("enabled", subject.status == .enabled)
        field("administrator", subject.isAdministrator)
        field("groups", subject.groups.sorted().map(\.text))
        field("roles", subject.roles.pairs)
        field("createdAt", subject.createdAt.description)
        field("changedAt", subject.changedAt.description)
        field("revision", subject.revision)
    }

    mutating func fields(of group: GroupRecord) {
        field("name", group.id.text)
        field("description", group.description.text)
        field("roles", group.roles.pairs)
        field("createdAt", group.createdAt.description)
        field("changedAt", group.changedAt.description)
        field("revision", group.revision)
    }

    mutating func fields(of assignment: RoleAssignment) {
        switch assignment.holder {
        case .subject(let id): field("subject", id.text)
        case .group(let id): field("group", id.text)
        }
        field("role", assignment.role.rawValue)
    }

    /// Writes the fields of a credential, without its token.
    mutating func fields(of credential: CredentialRecord) {
        field("id", credential.id.text)
        field("subject", credential.subject.text)
        field("project", optional: credential.project?.text)
        field("networks", credential.networks.map(\.description))
        field("createdAt", credential.createdAt.description)
        field("expiresAt", optional: credential.expiresAt?.description)
        field("revokedAt", optional: credential.revokedAt?.description)
    }

    /// Writes the fields of an access key, without its secret.
    mutating func fields(of key: AccessKeyRecord) {
        field("id", key.id.text)
        field("subject", key.subject.text)
        field("account", key.account.text)
        field("status", key.status.rawValue)
        field("networks", key.networks.map(\.description))
        field("createdAt", key.createdAt.description)
        field("expiresAt", optional: key.expiresAt?.description)
    }

    mutating func fields(of authenticated: Authenticated) {
        let principal = authenticated.principal
        field("subject", principal.subject.text)
        switch principal.kind {
        case .subject(let kind):
            field("kind", kind.name)
            if let service = kind.service { field("service", service.text) }
        case .system: field("kind", "system")
        }
        field("administrator", principal.isAdministrator)
        field("project", optional: authenticated.project?.text)
        field("role", optional: authenticated.project.flatMap { principal.roles[$0]?.rawValue })
        field("roles", principal.roles.pairs)
        field("groups", principal.groups.sorted().map(\.text))
        field("authentication", optional: principal.authentication)
        field("source", optional: principal.source)
    }

    /// Writes the access control of a key.
    mutating func access(of key: KeyRecord) {
        field("keyId", key.id.description)
        field("owner", optional: key.owner?.text)
        field("accessControl", key.access != .byRole)
        field("subjects", key.access.list?.subjects.sorted().map(\.text) ?? [])
        field("groups", key.access.list?.groups.sorted().map(\.text) ?? [])
        field("statements", key.access.policy?.statements.map(\.text) ?? [])
    }

    mutating func fields(of grant: Grant) {
        field("id", grant.id.description)
        field("name", grant.name)
        field("grantee", grant.grantee.text)
        field("retiring", optional: grant.retiring?.text)
        field("actions", grant.actions.map(\.rawValue).sorted())
        switch grant.constraint {
        case nil: null("context")
        case .equals(let context): field("context", context.sorted)
        case .includes(let context): field("context", context.sorted)
        }
        if case .includes = grant.constraint {
            field("allowsMoreContext", true)
        } else {
            field("allowsMoreContext", false)
        }
        field("issuer", grant.issuer.text)
        field("createdAt", grant.createdAt.description)
    }

    mutating func fields(of explanation: AccessExplanation) {
        field("allowed", explanation.isAllowed)
        field("reason", explanation.decision.reason)
        field("subject", explanation.subject.text)
        field("verb", explanation.verb.rawValue)
        field("project", explanation.project.text)
        field("keyId", optional: explanation.key?.id.description)
        field("role", optional: explanation.role?.rawValue)
        field("groups", explanation.groups.sorted().map(\.text))
        if case .hidden = explanation.decision { field("hidden", true) } else { field("hidden", false) }
    }
}

extension RoleGrants {
    fileprivate var pairs: [(name: String, value: String)] {
        sorted.map { (name: $0.project.text, value: $0.role.rawValue) }
    }
}
