package import SecretMemory

/// The operations that an adapter of a token implements: one for each call. The calls say what the operations do.
///
/// A type that passes calls on implements only ``Token/perform(_:)``.
package protocol TokenOperations: Sendable {
    // Keys.
    func generateKey(_ call: GenerateKeyCall) async throws(TokenError) -> NewKey
    func generateDataKeyPair(_ call: GenerateDataKeyPairCall) async throws(TokenError) -> DataKeyPairMaterial
    func generateImportKey(_ call: GenerateImportKeyCall) async throws(TokenError) -> NewKey
    func importKey(_ call: ImportKeyCall) async throws(TokenError) -> NewKey
    func wrapSecret(_ call: WrapSecretCall) async throws(TokenError) -> WrappedKey

    // Records and audit.
    func seal(_ call: SealCall) async throws(TokenError) -> [Seal]
    func verify(_ call: VerifySealsCall) async throws(TokenError) -> [Bool]
    func signAudit(_ call: SignAuditCall) async throws(TokenError) -> [UInt8]

    // Use of version keys.
    func encrypt(_ call: EncryptCall) async throws(TokenError) -> [SealedBox]
    func decrypt(_ call: DecryptCall) async throws(TokenError) -> [TokenResult<SecretBytes>]
    func issueDataKeys(_ call: IssueDataKeysCall) async throws(TokenError) -> [TokenDataKey]
    func sign(_ call: SignCall) async throws(TokenError) -> [[UInt8]]
    func authenticate(_ call: AuthenticateCall) async throws(TokenError) -> [[UInt8]]
    func agree(_ call: AgreeCall) async throws(TokenError) -> SecretBytes
    func decryptAsymmetric(_ call: DecryptAsymmetricCall) async throws(TokenError) -> [TokenResult<SecretBytes>]
    func forget(_ call: ForgetCall) async throws(TokenError)

    // The token itself.
    func random(_ call: RandomCall) async throws(TokenError) -> SecretBytes
    func checkHealth(_ call: CheckHealthCall) async throws(TokenError)

    // Roots.
    func readIdentity(_ call: ReadIdentityCall) async throws(TokenError) -> TokenIdentity
    func makeRoots(_ call: MakeRootsCall) async throws(TokenError) -> TokenIdentity
    func rewrap(_ call: RewrapCall) async throws(TokenError) -> [WrappedKey]
    func destroyRoots(_ call: DestroyRootsCall) async throws(TokenError) -> TokenIdentity

    // Custody.
    func facts(_ call: FactsCall) async throws(TokenError) -> TokenFacts
    func examineRoots(_ call: ExamineRootsCall) async throws(TokenError) -> [KeyExamination]
    func examine(_ call: ExamineCall) async throws(TokenError) -> [KeyExamination]
}
