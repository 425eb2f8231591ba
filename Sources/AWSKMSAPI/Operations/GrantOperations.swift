import Encodings
import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let createGrant = Operation(
        .createGrant, .key, .must("GranteePrincipal", .text(1...256, .principals)),
        .may("RetiringPrincipal", .text(1...256, .principals)),
        .must("Operations", .texts(atMost: 17, AWSNames.grantOperations)),
        .may("Constraints", .structure(.constraints)),
        .tokens, .may("Name", .text(1...256, .names)), .dryRun, .grantee, .retiring
    ) { (call) throws(AWSFailure) in
        try await call.createGrant()
    }

    static let listGrants = Operation(
        .listGrants, .limit, .marker, .key, .may("GrantId", .text(1...128, nil)),
        .may("GranteePrincipal", .text(1...256, .principals)), .grantee
    ) { (call) throws(AWSFailure) in
        try await call.listGrants()
    }

    static let listRetirableGrants = Operation(
        .listRetirableGrants, .limit, .marker, .must("RetiringPrincipal", .text(1...256, .principals)), .retiring
    ) { (call) throws(AWSFailure) in
        try await call.listRetirableGrants()
    }

    static let retireGrant = Operation(
        .retireGrant, .may("GrantToken", .text(1...8192, nil)), .mayKey, .may("GrantId", .text(1...128, nil)), .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.retireGrant()
    }

    static let revokeGrant = Operation(.revokeGrant, .key, .must("GrantId", .text(1...128, nil)), .dryRun) {
        (call) throws(AWSFailure) in
        try await call.revokeGrant()
    }
}

/// CreateGrant, ListGrants, ListRetirableGrants, RetireGrant, RevokeGrant.
///
/// A grant is effective as soon as it is made, so grant tokens are not needed. Tokens that are sent must be genuine.
extension AWSCall {
    func createGrant() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        if let key = try? await look(at: reference) { try requireEnabled(key) }
        let granteeText = input.text("GranteePrincipal")
        let retiringText = input.optionalText("RetiringPrincipal")
        let request = GrantRequest(
            name: input.optionalText("Name") ?? "", grantee: try party(granteeText),
            retiring: try retiringText.map { (text) throws(AWSFailure) in try party(text) },
            actions: Set(input.texts("Operations").compactMap { KeyAction(awsName: $0) }),
            constraint: try constraint(), granteeText: granteeText, retiringText: retiringText)
        let made = try await ask(about: reference) { () throws(KMSError) in
            try await service.createGrant(request, on: reference, by: caller)
        }
        try endDryRun()
        let token = try await ask { () throws(KMSError) in
            try await service.grantToken(of: made.grant.id, for: made.key.id)
        }
        return answer {
            $0.field("GrantToken", token.text)
            $0.field("GrantId", made.grant.id.description)
        }
    }

    /// Checks the grant tokens of a request.
    ///
    /// - Throws: `InvalidGrantTokenException` unless this service made all of them.
    func requireGenuineGrantTokens() async throws(AWSFailure) {
        let texts = input.texts("GrantTokens") + [input.optionalText("GrantToken")].compactMap(\.self)
        guard !texts.isEmpty else { return }
        let tokens = texts.compactMap { GrantToken(text: $0) }
        guard tokens.count == texts.count,
            try await ask({ () throws(KMSError) in try await service.isGenuine(tokens) })
        else { throw AWSFailure("InvalidGrantTokenException", "The grant token is not valid.") }
    }

    private func requireEnabled(_ key: KeyRecord) throws(AWSFailure) {
        switch key.awsState {
        case "Disabled": throw AWSFailure("DisabledException", "\(place.arn(key.id)) is disabled.")
        case "PendingDeletion": throw .invalidState("\(place.arn(key.id)) is pending deletion.")
        case "PendingImport": throw .invalidState("\(place.arn(key.id)) is pending import.")
        default: return
        }
    }

    /// Returns the principal that a text names.
    ///
    /// - Throws: `InvalidArnException` for a principal of another account.
    private func party(_ text: String) throws(AWSFailure) -> AccessStatement.Party {
        guard let party = PrincipalNaming.party(text, at: place) else {
            throw AWSFailure("InvalidArnException", "\(text) is not a principal of account \(place.account).")
        }
        return party
    }

    private static let maxPairs = 8

    private func constraint() throws(AWSFailure) -> GrantConstraint? {
        guard let constraints = input.object("Constraints") else { return nil }
        let equals = try constraints.context("EncryptionContextEquals")
        let subset = try constraints.context("EncryptionContextSubset")
        // An empty set of pairs is a context too. If it were ignored, any context would match.
        let hasEquals = constraints.has("EncryptionContextEquals")
        guard !hasEquals || subset.isEmpty else {
            throw .validation("A grant has EncryptionContextEquals or EncryptionContextSubset, not both.")
        }
        guard max(equals.sorted.count, subset.sorted.count) <= Self.maxPairs else {
            throw .validation("An encryption context constraint has at most \(Self.maxPairs) pairs.")
        }
        if hasEquals { return .equals(equals) }
        return subset.isEmpty ? nil : .includes(subset)
    }

    func listGrants() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let listed = try await ask(about: reference) { () throws(KMSError) in
            try await service.listGrants(of: reference, by: caller)
        }
        var grants = listed.grants
        if input.has("GrantId") {
            let id = try grantID()
            grants = grants.filter { $0.id == id }
        }
        if let text = input.optionalText("GranteePrincipal") {
            let grantee = try party(text)
            grants = grants.filter { $0.grantee == grantee }
        }
        let wanted = ["\(listed.key.id)", input.text("GrantId"), input.text("GranteePrincipal")]
        return try await list(grants.map { (key: listed.key.id, grant: $0) }, of: wanted)
    }

    func listRetirableGrants() async throws(AWSFailure) -> ByteBuffer {
        let retiring = try party(input.text("RetiringPrincipal"))
        let grants = try await ask { () throws(KMSError) in
            try await service.listRetirableGrants(by: retiring, for: caller)
        }
        return try await list(grants, of: [retiring.text])
    }

    private func list(
        _ grants: [(key: KeyID, grant: Grant)], of parts: [String]
    ) async throws(AWSFailure) -> ByteBuffer {
        let page = try await page(grants, of: parts, standard: 50)
        return answer(capacity: 800 * page.items.count + 200) { writer in
            writer.list("Grants", page.items) { writer, item in
                writer.object { write(item.grant, of: item.key, to: &$0) }
            }
            writer.end(of: page.next)
        }
    }

    private func write(_ grant: Grant, of key: KeyID, to writer: inout JSONWriter) {
        writer.field("KeyId", place.arn(key))
        writer.field("GrantId", grant.id.description)
        writer.field("Name", grant.name)
        writer.field("CreationDate", seconds: grant.createdAt)
        writer.field("GranteePrincipal", grant.granteeText)
        if !grant.retiringText.isEmpty { writer.field("RetiringPrincipal", grant.retiringText) }
        writer.field("IssuingAccount", place.root)
        writer.field(
            "Operations", AWSNames.grantOperations.filter { name in grant.actions.contains { $0.awsName == name } })
        switch grant.constraint {
        case nil: break
        case .equals(let context):
            writer.object("Constraints") { $0.field("EncryptionContextEquals", context.sorted) }
        case .includes(let context):
            writer.object("Constraints") { $0.field("EncryptionContextSubset", context.sorted) }
        }
    }

    func revokeGrant() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        _ = try await described(reference)
        let id = try grantID()
        try await end(id) { () throws(KMSError) in
            try await service.revokeGrant(id, of: reference, by: caller)
        }
        return Self.empty
    }

    func retireGrant() async throws(AWSFailure) -> ByteBuffer {
        let (key, id) = try retired()
        try await end(id) { () throws(KMSError) in try await service.retireGrant(id, of: key, by: caller) }
        return Self.empty
    }

    private func retired() throws(AWSFailure) -> (KeyID, GrantID) {
        if let text = input.optionalText("GrantToken") {
            guard let token = GrantToken(text: text) else {
                throw AWSFailure("InvalidGrantTokenException", "The grant token is not valid.")
            }
            return (token.key, token.grant)
        }
        guard input.has("KeyId"), input.has("GrantId") else {
            throw .validation("Must specify either grant token or both key ID and grant ID.")
        }
        guard case .id(let key) = try keyWithoutAlias() else { throw .notFound("Invalid keyId") }
        return (key, try grantID())
    }

    private func end(_ id: GrantID, _ body: () async throws(KMSError) -> Void) async throws(AWSFailure) {
        do throws(KMSError) {
            try await body()
        } catch {
            if case .grantNotFound = error { throw .notFound("Grant ID \(id) not found") }
            throw await failure(error, about: nil)
        }
        try endDryRun()
    }

    private func grantID() throws(AWSFailure) -> GrantID {
        let text = input.text("GrantId")
        guard let bytes = Hexadecimal.bytes(text) else {
            throw AWSFailure("InvalidGrantIdException", "Grant ID \(text) is not valid.")
        }
        guard let id = GrantID(bytes: bytes) else { throw .notFound("Grant ID \(text) not found") }
        return id
    }
}
