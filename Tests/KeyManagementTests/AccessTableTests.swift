import Crypto
import KMSTesting
import KeyManagement
import SecretMemory
import StoreSQLite
import Testing

/// The table of ``AccessPolicyTests``, through the service: each verb on real keys, each subject from the directory.
@Suite
struct AccessTableTests {
    typealias Standing = AccessPolicyTests.Standing

    let service: Service

    init() async throws {
        service = try await Service()
        // For the subjects whose role will be removed, and for the group.
        try await service.kms.createGroup(try GroupID("mine"), by: service.administrator)
    }

    /// Returns a subject with a role, which made a key of its own while it still was a Manager.
    private func subject(_ role: Role, _ standing: Standing) async throws -> SubjectID {
        let id = try SubjectID("me")
        try await service.kms.createSubject(id, by: service.administrator)
        try await service.kms.addMember(id, to: try GroupID("mine"), by: service.administrator)
        if standing != .ownerWithoutRole {
            try await service.kms.grantRole(role, in: Service.shop, to: .subject(id), by: service.administrator)
        }
        return id
    }

    /// Makes a key with the given relation to the subject.
    private func key(
        _ name: String, _ algorithm: KeyAlgorithm, versions: Int, _ standing: Standing, for subject: SubjectID
    ) async throws -> KeyRecord {
        let usage: KeyUsage? = algorithm == .ecP384 ? .keyAgreement : nil
        let key = try await service.key(name, algorithm, versions: versions, for: usage)
        let list: AccessList
        switch standing {
        case .off: return key
        case .listed: list = try AccessList(subjects: [subject], groups: [])
        case .listedByGroup: list = try AccessList(subjects: [], groups: [GroupID("mine")])
        case .notListed: list = .empty
        case .owner, .ownerWithoutRole:
            list = .empty
            if standing == .ownerWithoutRole {
                try await service.kms.grantRole(
                    .viewer, in: Service.shop, to: .subject(subject), by: service.administrator)
            }
            _ = try await service.kms.changeOwner(of: .id(key.id), to: subject, by: service.administratorInShop)
            if standing == .ownerWithoutRole {
                try await service.kms.revokeRole(in: Service.shop, from: .subject(subject), by: service.administrator)
            }
        }
        _ = try await service.kms.changeAccess(to: .id(key.id), .on(list), by: service.manager)
        return key
    }

    /// Returns the subject as the directory currently has it.
    private func caller(_ subject: SubjectID) async throws -> Caller {
        let issued = try await service.kms.issueCredential(
            for: subject, CredentialRequest(project: Service.shop), by: service.administrator)
        return try await service.kms.authenticate(bearer: issued.token.text, requestID: "")
    }

    private func call(_ verb: Verb, _ place: Int, _ standing: Standing, of subject: SubjectID) async throws
        -> Character
    {
        let kms = service.kms
        let algorithm: KeyAlgorithm =
            switch verb {
            case .sign, .verify, .readPublicKey: .ecP256
            case .generateMAC, .verifyMAC: .hmacSHA256
            case .deriveSharedSecret: .ecP384
            default: .aes256GCM96
            }
        let versions = verb == .deleteKey ? 0 : verb == .destroy ? 2 : 1
        // Before access control hides it from its creator.
        let ciphertext: Ciphertext? =
            verb == .decrypt || verb == .reEncrypt
            ? try await service.encrypt("x", under: try await service.key("s\(place)")) : nil
        let key = try await key("k\(place)", algorithm, versions: versions, standing, for: subject)
        let caller = try await caller(subject)
        let reference = KeyReference.id(key.id)
        let before = try await service.store.key(key.id, with: .none)?.key.unverified
        do throws(KMSError) {
            switch verb {
            case .describeKey: _ = try await kms.describeKey(reference, by: caller)
            case .updateKey:
                _ = try await kms.updateKey(reference, KeyUpdate(tags: .replace(KeyTags(["a": "b"]))), by: caller)
            case .rotateKey: _ = try await kms.rotateKey(reference, by: caller)
            case .issueDataKey: _ = try await kms.issueDataKey(under: reference, by: caller)
            case .encrypt: _ = try await kms.encrypt(SecretBytes(copying: [1]), under: reference, by: caller)
            case .decrypt: _ = try await kms.decrypt(ciphertext, under: reference, by: caller)
            case .reEncrypt:
                _ = try await kms.reEncrypt(ReEncryptItem(ciphertext: ciphertext), under: reference, by: caller)
            case .sign: _ = try await kms.sign(.message([1]), with: reference, by: caller)
            case .verify:
                _ = try await kms.verify(VerifyItem(input: .message([1]), signature: []), with: reference, by: caller)
            case .generateMAC: _ = try await kms.generateMAC(of: [1], with: reference, by: caller)
            case .verifyMAC:
                _ = try await kms.verifyMAC(VerifyMACItem(message: [1], code: []), with: reference, by: caller)
            case .deriveSharedSecret:
                let other = P384.KeyAgreement.PrivateKey().publicKey
                _ = try await kms.deriveSharedSecret(
                    with: Array(other.derRepresentation), of: reference, by: caller)
            case .readPublicKey: _ = try await kms.publicKey(of: reference, by: caller)
            case .readKeyUsage: _ = try await kms.readKeyUsage(of: reference, by: caller)
            case .changeState: _ = try await kms.disableKey(reference, by: caller)
            case .destroy: _ = try await kms.scheduleDestruction(of: .first, of: reference, by: caller)
            case .deleteKey: _ = try await kms.deleteKey(reference, by: caller)
            case .importKey:
                _ = try await kms.importMaterial([1], under: ImportJobID(), into: reference, by: caller)
            case .changeAlias: _ = try await kms.setAlias(try KeyName("alias\(place)"), to: reference, by: caller)
            case .changeAccess: _ = try await kms.changeAccess(to: reference, .on(.empty), by: caller)
            case .createGrant:
                _ = try await kms.createGrant(
                    GrantRequest(grantee: .everyone, actions: [.describeKey]), on: reference, by: caller)
            case .listGrants: _ = try await kms.listGrants(of: reference, by: caller)
            case .retireGrant: try await kms.retireGrant(GrantID(), of: key.id, by: caller)
            case .revokeGrant: try await kms.revokeGrant(GrantID(), of: reference, by: caller)
            default: Issue.record("\(verb) is not about a key")
            }
            return "A"
        } catch {
            switch error {
            // The decision was passed: the ciphertext is of another key, or the key is not for imports.
            case .decryptionFailed where verb == .decrypt, .stateForbids where verb == .importKey, .grantNotFound:
                return "A"
            case .accessDenied, .keyNotFound:
                let now = try await service.store.key(key.id, with: .none)?.key.unverified
                #expect(now == before, "a denied call changes nothing")
                return error.code == .keyNotFound ? "h" : "d"
            default:
                Issue.record("\(verb) \(standing): \(error)")
                return "?"
            }
        }
    }

    @Test(arguments: Role.allCases, Standing.allCases) func `each verb asks for role and standing`(
        _ role: Role, _ standing: Standing
    ) async throws {
        let subject = try await subject(role, standing)
        for (place, row) in AccessPolicyTests.table.enumerated() {
            let outcome = try await call(row.verb, place, standing, of: subject)
            #expect(
                outcome == (try AccessPolicyTests.cell(row.verb, role, standing)), "\(row.verb) \(role) \(standing)")
        }
    }
}
