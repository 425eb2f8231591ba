import KeyManagement
import SecretMemory

@testable import TokenProcess

/// A call and an answer to it.
protocol CallSample: Sendable {
    associatedtype Call: WireCall

    var call: Call { get }
    var answer: Call.Answer { get }
}

struct WireSample<Call: WireCall>: CallSample {
    let call: Call
    let answer: Call.Answer

    init(_ call: Call, _ answer: Call.Answer) {
        self.call = call
        self.answer = answer
    }
}

/// The samples by the kinds of their calls.
enum WireSamples {
    static func of(_ tag: CallTag) throws -> any CallSample {
        switch tag {
        case .generateKey: WireSample(GenerateKeyCall(.aes256GCM96, for: .encryptDecrypt), NewKey(wrapped: wrapped))
        case .generateDataKeyPair:
            WireSample(
                GenerateDataKeyPairCall(.ecP256), DataKeyPairMaterial(privateKey: secret, publicKey: publicKey))
        case .generateImportKey:
            WireSample(GenerateImportKeyCall(.rsa4096), NewKey(wrapped: wrapped, publicKey: publicKey))
        case .importKey:
            WireSample(
                ImportKeyCall(
                    ImportMaterial(algorithm: .ecP256, usage: .signVerify, wrapped: [1], publicKey: publicKey),
                    under: try job),
                NewKey(wrapped: wrapped, publicKey: publicKey, checkValue: checkValue))
        case .wrapSecret: WireSample(WrapSecretCall(secret), wrapped)
        case .seal: WireSample(SealCall([[1], []]), [seal, seal])
        case .verify: WireSample(VerifySealsCall([(seal, [1]), (seal, [])]), [true, false])
        case .signAudit: WireSample(SignAuditCall([1]), [2])
        case .encrypt:
            WireSample(EncryptCall([Encryption(secret, additionalData: [1])], with: key), [box])
        case .decrypt:
            WireSample(
                DecryptCall([Decryption(box, additionalData: [1]), Decryption(box, additionalData: [2])], with: key),
                [.success(secret), .failure(.busy("full"))])
        case .issueDataKeys:
            WireSample(
                IssueDataKeysCall([DataKeyOrder(byteCount: 3, additionalData: [1])], with: key),
                [TokenDataKey(plaintext: secret, box: box)])
        case .sign: WireSample(SignCall([[1]], by: .ecdsaSHA256, with: key), [[2]])
        case .authenticate: WireSample(AuthenticateCall([[1], [2]], with: key), [[3], [4]])
        case .agree: WireSample(AgreeCall(with: publicKey, by: key), secret)
        case .decryptAsymmetric:
            WireSample(
                DecryptAsymmetricCall([[1], [2]], by: AsymmetricEncryption.allCases[0], with: key),
                [.failure(.rejected), .success(secret)])
        case .forget: WireSample(ForgetCall(key.id), ())
        case .random: WireSample(RandomCall(byteCount: 3), secret)
        case .checkHealth: WireSample(CheckHealthCall(), ())
        case .readIdentity: WireSample(ReadIdentityCall(), identity)
        case .makeRoots: WireSample(MakeRootsCall(.first), identity)
        case .rewrap:
            WireSample(
                RewrapCall([
                    KeyToRewrap(
                        name: "a", algorithm: .ecP256, purpose: .version(.signVerify), wrapped: wrapped,
                        publicKey: publicKey),
                    KeyToRewrap(
                        name: "b", algorithm: .rsa4096, purpose: .importJob, wrapped: wrapped, publicKey: nil),
                ]), [wrapped, wrapped])
        case .destroyRoots: WireSample(DestroyRootsCall(.first), identity)
        case .facts: WireSample(FactsCall(), facts)
        case .examineRoots: WireSample(ExamineRootsCall(), [examination, examination])
        case .examine: WireSample(ExamineCall([key]), [examination])
        }
    }

    private static let secret = SecretBytes(copying: [1, 2, 3])
    private static let publicKey = PublicKeyInfo(der: [0x30, 0])
    private static let wrapped = WrappedKey(mechanism: .aesKW, epoch: .first, blob: [8, 9])
    private static let key = VersionKey(
        id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: wrapped)
    private static let checkValue = CheckValue(bytes: [UInt8](repeating: 1, count: CheckValue.byteCount))
    private static let box = SealedBox(
        nonce: [UInt8](repeating: 1, count: SealedBox.nonceLength),
        ciphertextAndTag: [UInt8](repeating: 2, count: SealedBox.tagLength + 3))
    private static let seal = Seal(epoch: .first, code: [1, 2])
    private static let identity = TokenIdentity(label: "a", serialNumber: "1", epoch: .first, checkValue: [1])
    private static let facts = TokenFacts(
        label: "a", serialNumber: "b", manufacturer: "c", model: "d", hardwareVersion: "e", firmwareVersion: "f",
        module: "g", moduleManufacturer: "h", moduleDescription: "i", moduleVersion: "j", cryptokiVersion: "k",
        moduleSHA256: nil)
    private static let examination = KeyExamination(
        key: "a", attributes: ["CKA_TOKEN": "true"], allowedMechanisms: ["CKM_AES_GCM"], checkValue: "00",
        trials: [KeyExamination.Trial(attempt: "b", isRefused: true, code: "CKR_KEY_UNEXTRACTABLE")], findings: ["c"])

    private static var job: ImportJob {
        get throws {
            ImportJob(
                id: ImportJobID(), project: try ProjectID("a"), subject: try SubjectID("b"),
                wrappingAlgorithm: .rsa4096, method: ImportMethod.allCases[0], publicKey: publicKey, wrapped: wrapped,
                createdAt: Timestamp(milliseconds: 1), expiresAt: Timestamp(milliseconds: 2))
        }
    }
}
