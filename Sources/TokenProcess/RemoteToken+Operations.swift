package import KeyManagement
package import SecretMemory

// Each operation sends its call. Being listed here, a call without an encoding does not compile.
extension RemoteToken: TokenOperations {
    package func generateKey(_ call: GenerateKeyCall) async throws(TokenError) -> NewKey { try await send(call) }

    package func generateDataKeyPair(_ call: GenerateDataKeyPairCall) async throws(TokenError) -> DataKeyPairMaterial {
        try await send(call)
    }

    package func generateImportKey(_ call: GenerateImportKeyCall) async throws(TokenError) -> NewKey {
        try await send(call)
    }

    package func importKey(_ call: ImportKeyCall) async throws(TokenError) -> NewKey { try await send(call) }
    package func wrapSecret(_ call: WrapSecretCall) async throws(TokenError) -> WrappedKey { try await send(call) }
    package func seal(_ call: SealCall) async throws(TokenError) -> [Seal] { try await send(call) }
    package func verify(_ call: VerifySealsCall) async throws(TokenError) -> [Bool] { try await send(call) }

    package func signAudit(_ call: SignAuditCall) async throws(TokenError) -> [UInt8] {
        let key = auditKey
        return try await send(call) { (signature) throws(TokenAnswerError) in
            try TokenAnswers.check(auditSignature: signature, over: call.digest, by: key)
        }
    }

    package func encrypt(_ call: EncryptCall) async throws(TokenError) -> [SealedBox] { try await send(call) }

    package func decrypt(_ call: DecryptCall) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await send(call)
    }

    package func issueDataKeys(_ call: IssueDataKeysCall) async throws(TokenError) -> [TokenDataKey] {
        try await send(call)
    }

    /// Signs in the process, and verifies the signatures on a thread of this one.
    package func sign(_ call: SignCall) async throws(TokenError) -> [[UInt8]] {
        let child = try supervisor.child()
        let signatures = try await send(call, to: child)
        try await verify(signatures, of: call, madeBy: child)
        return signatures
    }

    package func authenticate(_ call: AuthenticateCall) async throws(TokenError) -> [[UInt8]] { try await send(call) }
    package func agree(_ call: AgreeCall) async throws(TokenError) -> SecretBytes { try await send(call) }

    package func decryptAsymmetric(
        _ call: DecryptAsymmetricCall
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await send(call)
    }

    package func forget(_ call: ForgetCall) async throws(TokenError) { try await send(call) }
    package func random(_ call: RandomCall) async throws(TokenError) -> SecretBytes { try await send(call) }
    package func checkHealth(_ call: CheckHealthCall) async throws(TokenError) { try await send(call) }

    package func readIdentity(_ call: ReadIdentityCall) async throws(TokenError) -> TokenIdentity {
        try await identity(after: call)
    }

    package func makeRoots(_ call: MakeRootsCall) async throws(TokenError) -> TokenIdentity {
        try await identity(after: call)
    }

    package func destroyRoots(_ call: DestroyRootsCall) async throws(TokenError) -> TokenIdentity {
        try await identity(after: call)
    }

    package func rewrap(_ call: RewrapCall) async throws(TokenError) -> [WrappedKey] { try await send(call) }
    package func facts(_ call: FactsCall) async throws(TokenError) -> TokenFacts { try await send(call) }

    package func examineRoots(_ call: ExamineRootsCall) async throws(TokenError) -> [KeyExamination] {
        try await send(call)
    }

    package func examine(_ call: ExamineCall) async throws(TokenError) -> [KeyExamination] { try await send(call) }

    /// Sends a call that reads or changes the roots. The token must still be the one that is known.
    private func identity<Call: WireCall>(
        after call: Call
    ) async throws(TokenError) -> TokenIdentity where Call.Answer == TokenIdentity {
        let known = identity
        let identity = try await send(call) { (identity) throws(TokenAnswerError) in
            guard identity.continues(known) else {
                throw TokenAnswerError("another token, or other root keys, than before")
            }
        }
        supervisor.note(identity)
        return identity
    }
}
