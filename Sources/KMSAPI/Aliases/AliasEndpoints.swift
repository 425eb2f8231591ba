import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let aliases = EndpointGroup(
        "aliases", "Aliases: further names of keys.", [.listAliases, .describeAlias, .setAlias, .deleteAlias])
}

extension Endpoint {
    fileprivate static let listAliases = Endpoint(
        list: "aliases", "listAliases", "Lists the aliases of the project, or of a key", guide: .listAliases,
        verb: .listAliases,
        filters: [QueryParameter("key", "Aliases of this key only.", .keyReference)],
        answer: Answers.page("aliases", of: Answers.alias, capacity: 192), message: "aliases of the project",
        failures: [.keyNotFound]
    ) { request, query in
        var key: KeyReference?
        if let text = query.values["key"] { key = try KeyReference(text) }
        return try await request.service.listAliases(
            of: key, after: query.cursor, limit: query.limit, by: request.caller)
    }

    fileprivate static let describeAlias = Endpoint(
        .get, "aliases/{alias}", "describeAlias", "Describes an alias", guide: .describeAlias, verb: .listAliases,
        answer: Answers.alias,
        message: "alias", failures: [.aliasNotFound]
    ) { request in
        try await request.service.alias(request.alias(), by: request.caller)
    }

    fileprivate static let setAlias = Endpoint(
        .put, "aliases/{alias}", "setAlias", "Sets the key that an alias refers to", guide: .setAlias,
        verb: .changeAlias,
        body: AliasBody.self,
        answer: Answers.alias, message: "alias set", failures: [.keyNotFound, .keyNameTaken, .conflict, .stateForbids]
    ) { request in
        let name = try request.alias()
        let body = try await request.body()
        return try await request.service.setAlias(name, to: body.key, by: request.caller)
    }

    fileprivate static let deleteAlias = Endpoint(
        .delete, "aliases/{alias}", "deleteAlias", "Deletes an alias", guide: .deleteAlias, verb: .changeAlias,
        answer: Answers.deletedAlias, message: "alias deleted", failures: [.aliasNotFound, .conflict]
    ) { request in
        let name = try request.alias()
        try await request.service.deleteAlias(name, by: request.caller)
        return name
    }
}

extension PathParameter {
    static let alias = PathParameter("alias", "The name of an alias; slashes are written as %2F.", .alias)
}

extension EndpointRequest {
    /// Returns the alias that the path names.
    fileprivate func alias() throws(KMSError) -> KeyName {
        try KeyName(alias: try text(.alias, "the alias in the path"))
    }
}

extension Schema {
    fileprivate static let alias = Schema.text(Patterns.alias).example("salaries")
}

extension Answers {
    fileprivate static let alias = Answer<AliasRecord>(
        "Alias",
        [.must("alias", .alias), .must("keyId", .uuid), .must("changedAt", .time), .may("createdAt", .time)]
    ) { writer, alias in
        writer.field("alias", alias.name.text)
        writer.field("keyId", alias.key.description)
        writer.field("changedAt", alias.changedAt.description)
        if let createdAt = alias.createdAt { writer.field("createdAt", createdAt.description) }
    }

    fileprivate static let deletedAlias = Answer<KeyName>("DeletedAlias", [.must("alias", .alias)]) {
        $0.field("alias", $1.text)
    }
}

/// The body of `PUT aliases/{alias}`.
struct AliasBody: FieldBody {
    let key: KeyReference

    static let name = "Alias"
    static let example: DocumentValue = ["key": "payroll"]

    enum Field: String, DescribedFields {
        case key

        var shape: FieldShape { .must(.keyReference) }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var key: KeyReference?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            key = try KeyReference(try reader.text(FieldPath(field)))
        }
        guard let key else { throw .invalidRequest("key is missing: its name or id") }
        self.key = key
    }
}
