internal import KeyManagement

/// A call as read by the token's process: the operation on the token, and the encoding of its answer.
struct TokenWork: Sendable {
    typealias Answer = @Sendable (inout WireWriter) -> Void

    let perform: @Sendable (any Token) async throws(TokenError) -> Answer

    private init<Call: WireCall>(_ type: Call.Type, _ reader: inout WireReader) throws(WireError) {
        let call = try Call(from: &reader)
        perform = { (token) throws(TokenError) in
            let answer = try await token.perform(call)
            return { Call.encode(answer, to: $0) }
        }
    }

    init(_ tag: CallTag, _ reader: inout WireReader) throws(WireError) {
        switch tag {
        case .generateKey: try self.init(GenerateKeyCall.self, &reader)
        case .generateDataKeyPair: try self.init(GenerateDataKeyPairCall.self, &reader)
        case .generateImportKey: try self.init(GenerateImportKeyCall.self, &reader)
        case .importKey: try self.init(ImportKeyCall.self, &reader)
        case .wrapSecret: try self.init(WrapSecretCall.self, &reader)
        case .seal: try self.init(SealCall.self, &reader)
        case .verify: try self.init(VerifySealsCall.self, &reader)
        case .signAudit: try self.init(SignAuditCall.self, &reader)
        case .encrypt: try self.init(EncryptCall.self, &reader)
        case .decrypt: try self.init(DecryptCall.self, &reader)
        case .issueDataKeys: try self.init(IssueDataKeysCall.self, &reader)
        case .sign: try self.init(SignCall.self, &reader)
        case .authenticate: try self.init(AuthenticateCall.self, &reader)
        case .agree: try self.init(AgreeCall.self, &reader)
        case .decryptAsymmetric: try self.init(DecryptAsymmetricCall.self, &reader)
        case .forget: try self.init(ForgetCall.self, &reader)
        case .random: try self.init(RandomCall.self, &reader)
        case .checkHealth: try self.init(CheckHealthCall.self, &reader)
        case .readIdentity: try self.init(ReadIdentityCall.self, &reader)
        case .makeRoots: try self.init(MakeRootsCall.self, &reader)
        case .rewrap: try self.init(RewrapCall.self, &reader)
        case .destroyRoots: try self.init(DestroyRootsCall.self, &reader)
        case .facts: try self.init(FactsCall.self, &reader)
        case .examineRoots: try self.init(ExamineRootsCall.self, &reader)
        case .examine: try self.init(ExamineCall.self, &reader)
        }
    }
}
