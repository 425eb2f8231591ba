import Foundation
import PKCS11
import Testing

@testable import TokenPKCS11

@Suite struct RootTests {
    private static let rootLabel = "kms-root-wrap-1"

    @Test func `root keys are in the token as the design says`() async throws {
        let token = try await TestToken.make()
        let both: [AttributeType: Bool] = [
            .token: true, .private: true, .sensitive: true, .alwaysSensitive: true, .extractable: false,
            .neverExtractable: true, .local: true, .modifiable: false, .copyable: false, .encrypt: false,
            .decrypt: false, .derive: false,
        ]
        let uses: [String: [AttributeType: Bool]] = [
            "kms-root-wrap-1": [.wrap: true, .unwrap: true, .sign: false, .verify: false],
            "kms-root-mac-1": [.wrap: false, .unwrap: false, .sign: true, .verify: true],
        ]
        try token.withSession { session in
            var ids: Set<[UInt8]> = []
            for (label, uses) in uses {
                let roots = try session.findObjects([.label(label)], limit: 2)
                #expect(roots.count == 1)
                let root = try #require(roots.first)
                for (attribute, value) in both.merging(uses, uniquingKeysWith: { $1 }) {
                    #expect(try session.bool(attribute, of: root) == value, "\(label) \(attribute)")
                }
                #expect(try session.number(.valueLength, of: root) == 32)
                ids.insert(try session.bytes(.id, of: root))
            }
            #expect(ids.count == 1 && ids.first?.count == 16)
        }
    }

    @Test func `root keys are made once`() async throws {
        let token = try await TestToken.make()
        let before = try await TokenAdministration.roots(token.uri)
        do throws(TokenOpenError) {
            _ = try await TokenAdministration.makeRoots(token.uri)
            Issue.record("made again")
        } catch {
            guard case .rootsExist(_, let epochs) = error else {
                Issue.record("refused as \(error)")
                return
            }
            #expect(epochs == "1")
        }
        #expect(try await TokenAdministration.roots(token.uri) == before)
        #expect(before.keys.map(\.label) == ["kms-root-mac-1", "kms-root-wrap-1"])
        #expect(before.keys.allSatisfy { $0.keepsTheRule })
    }

    /// The violations of the rule by a wrapping root, each made next to a proper integrity root.
    @Test(arguments: [
        ("CKA_EXTRACTABLE", Attribute.extractable(true)), ("CKA_SENSITIVE", .sensitive(false)),
        ("CKA_DECRYPT", .decrypt(true)), ("CKA_ENCRYPT", .encrypt(true)), ("CKA_SIGN", .sign(true)),
        ("CKA_MODIFIABLE", .modifiable(true)), ("CKA_COPYABLE", .copyable(true)), ("CKA_UNWRAP", .unwrap(false)),
        ("CKA_DERIVE", .derive(true)), ("CKA_PRIVATE", .private(false)),
    ])
    func `a root with a wrong attribute is refused by name`(_ name: String, _ wrong: Attribute) async throws {
        let token = try await TestToken.make(withRoots: false)
        try token.withSession { session in
            let id: [UInt8] = [1, 2, 3, 4]
            var attributes = KeyTemplates.wrappingRoot(label: Self.rootLabel, id: id).attributes
            attributes.removeAll { $0.type == wrong.type }
            _ = try session.generateKey(.aesKeyGen, Template(attributes + [wrong]))
            _ = try session.generateKey(
                .genericSecretKeyGen, KeyTemplates.integrityRoot(label: "kms-root-mac-1", id: id))
        }
        let violations = await violations(token)
        #expect(violations.contains { $0.hasPrefix("kms-root-wrap-1: \(name)") }, "\(violations)")
    }

    @Test func `a root that was brought to the token is refused`() async throws {
        let token = try await TestToken.make(withRoots: false)
        try token.withSession { session in
            let id: [UInt8] = [5]
            var attributes = KeyTemplates.wrappingRoot(label: Self.rootLabel, id: id).attributes
            attributes.removeAll { $0.type == .valueLength }
            let known = Attribute(.value, bytes: [UInt8](repeating: 7, count: 32))
            _ = try session.createObject(Template(attributes + [known]))
            _ = try session.generateKey(
                .genericSecretKeyGen, KeyTemplates.integrityRoot(label: "kms-root-mac-1", id: id))
        }
        let violations = await violations(token)
        #expect(violations.contains { $0.hasPrefix("kms-root-wrap-1: CKA_LOCAL") }, "\(violations)")
        #expect(violations.contains { $0.hasPrefix("kms-root-wrap-1: CKA_NEVER_EXTRACTABLE") }, "\(violations)")
    }

    @Test func `roots that were not made together are refused`() async throws {
        let token = try await TestToken.make(withRoots: false)
        try token.withSession { session in
            _ = try session.generateKey(.aesKeyGen, KeyTemplates.wrappingRoot(label: Self.rootLabel, id: [1]))
            _ = try session.generateKey(
                .genericSecretKeyGen, KeyTemplates.integrityRoot(label: "kms-root-mac-1", id: [2]))
        }
        #expect(await violations(token) == ["the two root keys of epoch 1 have different ids"])
    }

    @Test func `roots whose ids are those of a token with one key of an id belong together`() async throws {
        let token = try await TestToken.make(withRoots: false)
        try token.withSession { session in
            _ = try session.generateKey(.aesKeyGen, KeyTemplates.wrappingRoot(label: Self.rootLabel, id: [5, 6]))
            _ = try session.generateKey(
                .genericSecretKeyGen, KeyTemplates.integrityRoot(label: "kms-root-mac-1", id: [5, 6, 1]))
        }
        #expect(await violations(token) == ["opened"])
    }

    @Test func `two roots with one label are refused`() async throws {
        let token = try await TestToken.make()
        try token.withSession { session in
            _ = try session.generateKey(.aesKeyGen, KeyTemplates.wrappingRoot(label: Self.rootLabel, id: [1]))
        }
        #expect(await violations(token) == ["2 keys are labelled kms-root-wrap-1"])
    }

    @Test func `half a pair is refused, and is not made whole by itself`() async throws {
        let token = try await TestToken.make(withRoots: false)
        try token.withSession { session in
            _ = try session.generateKey(.aesKeyGen, KeyTemplates.wrappingRoot(label: Self.rootLabel, id: [1]))
        }
        do throws(TokenOpenError) {
            _ = try await PKCS11Token.open(TokenConfiguration(uri: token.uri))
            Issue.record("opened")
        } catch {
            #expect(error == .rootsHalf(token: try name(of: token), missing: "kms-root-mac-1"))
        }
    }

    private func name(of token: TestToken) throws -> String {
        let serial = try? token.withSession { try $0.slot.tokenInfo().serialNumber }
        return "token '\(token.label)' (serial \(serial ?? ""))"
    }

    private func violations(_ token: TestToken) async -> [String] {
        do throws(TokenOpenError) {
            let opened = try await PKCS11Token.open(TokenConfiguration(uri: token.uri))
            await opened.close()
            return ["opened"]
        } catch {
            guard case .rootsUnfit(_, let violations) = error else { return ["\(error)"] }
            return violations
        }
    }
}
