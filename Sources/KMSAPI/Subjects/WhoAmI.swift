import HTTPServing
import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let whoAmI = Endpoint(
        .get, "whoami", "whoAmI", "Returns the authenticated caller with its roles", verb: .whoAmI,
        answer: Answers.whoAmI,
        message: "caller"
    ) { request in
        try await request.service.whoAmI(request.context.whoAsks)
    }
}

extension Answers {
    fileprivate static let whoAmI = Answer<Authenticated>(
        "WhoAmI",
        [
            .must("subject", .subjectName), .must("kind", .one(of: SubjectKind.names + ["system"])),
            .may("service", .serviceName), .must("administrator", .flag),
            .must("project", Schema.projectName.orNull), .must("role", Schema.role.orNull), .must("roles", .roles),
            .must("groups", .names), .must("authentication", Schema.text.orNull), .must("source", Schema.text.orNull),
        ]
    ) { writer, authenticated in
        let principal = authenticated.principal
        writer.field("subject", principal.subject.text)
        switch principal.kind {
        case .subject(let kind):
            writer.field("kind", kind.name)
            if let service = kind.service { writer.field("service", service.text) }
        case .system: writer.field("kind", "system")
        }
        writer.field("administrator", principal.isAdministrator)
        writer.field("project", optional: authenticated.project?.text)
        writer.field("role", optional: authenticated.project.flatMap { principal.roles[$0]?.rawValue })
        writer.field("roles", principal.roles)
        writer.field("groups", principal.groups.sorted().map(\.text))
        writer.field("authentication", optional: principal.authentication)
        writer.field("source", optional: principal.source)
    }
}
