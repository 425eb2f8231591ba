import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let createAlias = Operation(.createAlias, .aliasName, .must("TargetKeyId", .text(1...2048, nil))) {
        (call) throws(AWSFailure) in
        try await call.setAlias(.absent)
    }

    static let updateAlias = Operation(.updateAlias, .aliasName, .must("TargetKeyId", .text(1...2048, nil))) {
        (call) throws(AWSFailure) in
        try await call.setAlias(.present)
    }

    static let deleteAlias = Operation(.deleteAlias, .aliasName) { (call) throws(AWSFailure) in
        try await call.deleteAlias()
    }

    static let listAliases = Operation(.listAliases, .mayKey, .limit, .marker) { (call) throws(AWSFailure) in
        try await call.listAliases()
    }
}

/// CreateAlias, UpdateAlias, DeleteAlias, ListAliases.
extension AWSCall {
    func setAlias(_ expectation: AliasExpectation) async throws(AWSFailure) -> ByteBuffer {
        let name = try newAliasName()
        let target = try target()
        let key = try await described(target)
        if key.availability == .pendingDeletion { throw .invalidState("\(place.arn(key.id)) is pending deletion.") }
        var current: KeyID?
        if case .present = expectation { current = try await sameKind(as: key, behind: name) }
        let expected = current.map { .refersTo($0) } ?? expectation
        _ = try await ask { () throws(KMSError) in
            try await service.setAlias(name, to: .id(key.id), expecting: expected, by: caller)
        }
        return Self.empty
    }

    /// Checks that an alias moves only between keys of the same kind, as in AWS KMS. If the caller may not see the previous key, the
    /// service decides.
    ///
    /// - Returns: the key that the alias refers to; `nil` if the caller may not look at it.
    private func sameKind(as key: KeyRecord, behind name: KeyName) async throws(AWSFailure) -> KeyID? {
        guard let current = try? await look(at: .name(name)) else { return nil }
        guard current.usage == key.usage, current.algorithm.isAsymmetric == key.algorithm.isAsymmetric else {
            throw .validation(
                "The key of alias \(place.arn(alias: name.text)) is of another kind than \(place.arn(key.id))")
        }
        return current.id
    }

    private func target() throws(AWSFailure) -> KeyReference {
        let text = input.text("TargetKeyId")
        guard !text.utf8.starts(with: KeyNaming.aliasPrefix.utf8), !text.contains(":alias/") else {
            throw .validation("Aliases must refer to keys. Not aliases")
        }
        return try key("TargetKeyId")
    }

    func deleteAlias() async throws(AWSFailure) -> ByteBuffer {
        let name = try aliasName()
        _ = try await ask { () throws(KMSError) in try await service.deleteAlias(name, by: caller) }
        return Self.empty
    }

    private func newAliasName() throws(AWSFailure) -> KeyName {
        let text = try bareAliasName()
        guard !text.utf8.starts(with: "aws/".utf8) else {
            throw AWSFailure("NotAuthorizedException", "")
        }
        return try aliasName()
    }

    private func bareAliasName() throws(AWSFailure) -> String {
        let text = input.text("AliasName")
        guard text.utf8.starts(with: KeyNaming.aliasPrefix.utf8) else {
            throw .validation(
                "Alias must start with the prefix \"alias/\". Please see "
                    + "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html")
        }
        let name = String(text.dropFirst(KeyNaming.aliasPrefix.count))
        guard !name.isEmpty, !name.contains(":") else {
            throw name.isEmpty
                ? .validation("Invalid identifier")
                : AWSFailure("ValidationException", "\(text) contains invalid characters for an alias")
        }
        return name
    }

    private func aliasName() throws(AWSFailure) -> KeyName {
        let text = try bareAliasName()
        do throws(KMSError) {
            return try KeyName(alias: text)
        } catch {
            throw AWSFailure("InvalidAliasNameException", error.message)
        }
    }

    func listAliases() async throws(AWSFailure) -> ByteBuffer {
        let reference = try optionalKey("KeyId")
        let limit = try pageLimit(standard: 50)
        let page = try await ask(about: reference) { () throws(KMSError) in
            try await service.listAliases(of: reference, after: marker, limit: limit, by: caller)
        }
        return answer(capacity: 320 * page.items.count + 200) { writer in
            writer.list("Aliases", page.items) { writer, alias in
                writer.object {
                    $0.field("AliasName", KeyNaming.aliasPrefix + alias.name.text)
                    $0.field("AliasArn", place.arn(alias: alias.name.text))
                    $0.field("TargetKeyId", alias.key.description)
                    if let created = alias.createdAt { $0.field("CreationDate", seconds: created) }
                    $0.field("LastUpdatedDate", seconds: alias.changedAt)
                }
            }
            writer.end(of: page.next)
        }
    }
}
