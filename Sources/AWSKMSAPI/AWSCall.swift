import JSONText
import KeyManagement
import NIOCore

/// One authenticated request on its way through an operation.
struct AWSCall: Sendable {
    let service: KeyService
    let caller: Caller
    let place: Place
    /// Such as `Encrypt`.
    let operation: String
    let input: Input

    /// The same caller, whose results go nowhere when the request is a dry run.
    init(service: KeyService, caller: Caller, place: Place, operation: String, input: Input) {
        self.service = service
        self.caller = input.flag("DryRun") ? Caller(caller.principal, in: caller.project, isRehearsal: true) : caller
        self.place = place
        self.operation = operation
        self.input = input
    }

    /// The key that a member names by id, ARN, alias or alias's ARN.
    func key(_ member: String = "KeyId") throws(AWSFailure) -> KeyReference {
        try KeyNaming(input.text(member), at: place).reference(at: place)
    }

    func optionalKey(_ member: String) throws(AWSFailure) -> KeyReference? {
        input.has(member) ? try key(member) : nil
    }

    /// The key that a member names by id or ARN. Operations that change a key take no aliases.
    func keyWithoutAlias(_ member: String = "KeyId") throws(AWSFailure) -> KeyReference {
        switch try KeyNaming(input.text(member), at: place) {
        case .id(let id): return .id(id)
        case .alias:
            throw AWSFailure("InvalidArnException", "Key Aliases are not supported for this operation.")
        }
    }

    /// What the operation is to a policy or a grant. `ReEncrypt` is two things with two keys; a look at one of them is a look.
    var action: KeyAction { KeyAction(awsName: operation) ?? .describeKey }

    /// A key as it is, looked at for this operation.
    func look(at reference: KeyReference) async throws(KMSError) -> KeyRecord {
        let context = KeyAction.withContext.contains(action) ? try? input.context() : nil
        return try await service.describeKey(reference, for: action, context: context, by: caller)
    }

    /// Asks the service. What it refuses becomes what AWS KMS would say of the key.
    func ask<Result>(
        about reference: KeyReference? = nil, _ body: () async throws(KMSError) -> Result
    ) async throws(AWSFailure) -> Result {
        do throws(KMSError) {
            return try await body()
        } catch {
            throw await failure(error, about: reference)
        }
    }

    /// - Throws: `DryRunOperationException` at the end of a dry run.
    func endDryRun() throws(AWSFailure) {
        if caller.isRehearsal { throw .dryRun }
    }

    /// - Throws: for members that are of Nitro enclaves and custom key stores.
    func refuse(_ members: String...) throws(AWSFailure) {
        for member in members where input.has(member) { throw .unsupported("\(member) is not supported") }
    }

    func answer(capacity: Int = 512, _ members: (inout JSONWriter) -> Void) -> ByteBuffer {
        var writer = JSONWriter(capacity: capacity)
        writer.object(members)
        return writer.finish()
    }

    static let empty = ByteBuffer()
}
