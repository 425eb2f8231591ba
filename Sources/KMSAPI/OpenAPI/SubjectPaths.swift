import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let subjects = OperationGroup(
        "subjects", "Subjects and their credentials.",
        [
            APIOperation(
                .get, "whoami", "whoAmI", "Tells who asks, as the service knows him", data: DataSchemas.whoAmI.ref),
            APIOperation(
                .get, "subjects", "listSubjects", "Lists the subjects", query: QueryParameter.ofLists,
                data: DataSchemas.page("subjects", of: DataSchemas.subject.ref)),
            APIOperation(
                .post, "subjects", "createSubject", "Makes a subject", body: .createSubject, status: 201,
                data: DataSchemas.subject.ref, failures: [.nameTaken, .conflict]),
            APIOperation(
                .get, "subjects/{subject}", "describeSubject", "Describes a subject", data: DataSchemas.subject.ref,
                failures: [.subjectNotFound]),
            APIOperation(
                .patch, "subjects/{subject}", "updateSubject", "Changes a subject", body: .updateSubject,
                data: DataSchemas.subject.ref, failures: [.subjectNotFound, .conflict, .stateForbids]),
            APIOperation(
                .delete, "subjects/{subject}", "deleteSubject", "Deletes a subject, and all that it may",
                data: DataSchemas.subject.ref, failures: [.subjectNotFound, .conflict, .stateForbids]),
            APIOperation(
                .get, "subjects/{subject}/credentials", "listCredentials", "Lists the credentials of a subject",
                query: QueryParameter.ofLists,
                data: DataSchemas.page("credentials", of: DataSchemas.listedCredential.ref),
                failures: [.subjectNotFound]),
            APIOperation(
                .post, "subjects/{subject}/credentials", "issueCredential", "Issues a credential for a subject",
                optionalBody: .credential, status: 201, data: DataSchemas.issuedCredential.ref,
                failures: FailureCode.ofGuarded.union([.subjectNotFound, .projectNotFound, .nameTaken])),
            APIOperation(
                .delete, "credentials/{credential}", "revokeCredential", "Makes a credential worth nothing",
                data: DataSchemas.credential.ref, failures: [.credentialNotFound, .conflict]),
        ])
}
