import JSONText
import KeyManagement
import NIOCore

/// One authenticated request on its way through an operation.
struct AWSCall: Sendable {
    let service: KeyService
    let caller: Caller
    let place: Place
    let operation: OperationName
    /// The action that policies and grants see.
    let action: KeyAction
    let input: Input

    /// Makes a call. For a dry run, the caller is marked so that results are discarded.
    init(service: KeyService, caller: Caller, place: Place, operation: Operation, input: Input) {
        self.service = service
        self.caller = input.flag("DryRun") ? Caller(caller.principal, in: caller.project, isDryRun: true) : caller
        self.place = place
        self.operation = operation.name
        action = operation.action
        self.input = input
    }

    /// Returns the key that a member names by id, ARN, alias or alias ARN.
    func key(_ member: String = "KeyId") throws(AWSFailure) -> KeyReference {
        try KeyNaming(input.text(member), at: place).reference(at: place)
    }

    func optionalKey(_ member: String) throws(AWSFailure) -> KeyReference? {
        input.has(member) ? try key(member) : nil
    }

    /// Returns the key that a member names by id or ARN. Operations that change a key accept no aliases.
    func keyWithoutAlias(_ member: String = "KeyId") throws(AWSFailure) -> KeyReference {
        switch try KeyNaming(input.text(member), at: place) {
        case .id(let id): return .id(id)
        case .alias:
            throw AWSFailure("InvalidArnException", "Key Aliases are not supported for this operation.")
        }
    }

    /// Returns the record of a key, authorised for this operation.
    func look(at reference: KeyReference) async throws(KMSError) -> KeyRecord {
        let context = KeyAction.withContext.contains(action) ? try? input.context() : nil
        return try await service.describeKey(reference, for: action, context: context, by: caller)
    }

    /// Calls the service, and translates its errors into those of AWS KMS.
    func ask<Result>(
        about reference: KeyReference? = nil, _ body: () async throws(KMSError) -> Result
    ) async throws(AWSFailure) -> Result {
        do throws(KMSError) {
            return try await body()
        } catch {
            throw await failure(error, about: reference)
        }
    }

    /// Ends a dry run.
    ///
    /// - Throws: `DryRunOperationException` for a dry run.
    func endDryRun() throws(AWSFailure) {
        if caller.isDryRun { throw .dryRun }
    }

    /// Refuses members of Nitro enclaves and custom key stores.
    ///
    /// - Throws: `UnsupportedOperationException` if a member is present.
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
