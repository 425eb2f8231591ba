import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let subjects = EndpointGroup(
        "subjects", "Subjects and their credentials.",
        [
            .whoAmI, .listSubjects, .createSubject, .describeSubject, .updateSubject, .deleteSubject, .listCredentials,
            .issueCredential, .revokeCredential,
        ])
}

extension Endpoint {
    fileprivate static let listSubjects = Endpoint(
        list: "subjects", "listSubjects", "Lists the subjects", guide: .listSubjects, verb: .readDirectory,
        answer: Answers.page("subjects", of: Answers.subject, capacity: 384), message: "subjects"
    ) { request, query in
        try await request.service.listSubjects(after: query.cursor, limit: query.limit, by: request.principal)
    }

    fileprivate static let createSubject = Endpoint(
        .post, "subjects", "createSubject", "Creates a subject", guide: .createSubject, verb: .changeSubject,
        body: CreateSubjectBody.self,
        answer: Answers.subject, status: .created, message: "subject created", failures: [.nameTaken, .conflict]
    ) { request in
        let body = try await request.body()
        return try await request.service.createSubject(
            body.id, body.kind, description: body.description, isAdministrator: body.isAdministrator,
            by: request.principal)
    }

    fileprivate static let describeSubject = Endpoint(
        .get, "subjects/{subject}", "describeSubject", "Describes a subject", guide: .describeSubject,
        verb: .readDirectory,
        answer: Answers.subject, message: "subject", failures: [.subjectNotFound]
    ) { request in
        try await request.service.subject(request.subject(), by: request.principal)
    }

    fileprivate static let updateSubject = Endpoint(
        .patch, "subjects/{subject}", "updateSubject", "Changes a subject", guide: .updateSubject, verb: .changeSubject,
        body: UpdateSubjectBody.self, answer: Answers.subject, message: "subject updated",
        failures: [.subjectNotFound, .conflict, .stateForbids]
    ) { request in
        let id = try request.subject()
        let body = try await request.body()
        return try await request.service.updateSubject(id, body.update, by: request.principal)
    }

    fileprivate static let deleteSubject = Endpoint(
        .delete, "subjects/{subject}", "deleteSubject",
        "Deletes a subject and its roles; its credentials become invalid", guide: .deleteSubject,
        verb: .changeSubject,
        answer: Answers.subject, message: "subject deleted", failures: [.subjectNotFound, .conflict, .stateForbids]
    ) { request in
        try await request.service.deleteSubject(request.subject(), by: request.principal)
    }
}

extension PathParameter {
    static let subject = PathParameter("subject", "The name of a subject.", .subjectName)
}

extension EndpointRequest {
    /// Returns the subject that the path names.
    func subject() throws(KMSError) -> SubjectID { try SubjectID(try text(.subject, "the subject in the path")) }
}

extension Answers {
    static let subject = Answer<SubjectRecord>(
        "Subject",
        [
            .must("name", .subjectName), .must("kind", .one(of: SubjectKind.names)), .may("service", .serviceName),
            .must("description", .text), .must("enabled", .flag), .must("administrator", .flag),
            .must("groups", .names), .must("roles", .roles),
        ] + times
    ) { writer, subject in
        writer.field("name", subject.id.text)
        writer.field("kind", subject.subjectKind.name)
        if let service = subject.subjectKind.service { writer.field("service", service.text) }
        writer.field("description", subject.description.text)
        writer.field("enabled", subject.status == .enabled)
        writer.field("administrator", subject.isAdministrator)
        writer.field("groups", subject.groups.sorted().map(\.text))
        writer.field("roles", subject.roles)
        writer.field("createdAt", subject.createdAt.description)
        writer.field("changedAt", subject.changedAt.description)
        writer.field("revision", subject.revision)
    }
}
