import KeyManagement
import Testing

@Suite("The access policy")
struct AccessPolicyTests {
    /// Every role with every verb, as the design has them: viewer lists and describes, user computes too, manager all.
    static let table: [(Role, Verb, Bool)] = [
        (.viewer, .listKeys, true),
        (.viewer, .describeKey, true),
        (.viewer, .readPublicKey, true),
        (.viewer, .listAliases, true),
        (.viewer, .issueDataKey, false),
        (.viewer, .encrypt, false),
        (.viewer, .decrypt, false),
        (.viewer, .reEncrypt, false),
        (.viewer, .sign, false),
        (.viewer, .verify, false),
        (.viewer, .generateMAC, false),
        (.viewer, .verifyMAC, false),
        (.viewer, .generateRandom, false),
        (.viewer, .createKey, false),
        (.viewer, .updateKey, false),
        (.viewer, .rotateKey, false),
        (.viewer, .changeState, false),
        (.viewer, .destroy, false),
        (.viewer, .deleteKey, false),
        (.viewer, .importKey, false),
        (.viewer, .changeAlias, false),
        (.user, .listKeys, true),
        (.user, .describeKey, true),
        (.user, .readPublicKey, true),
        (.user, .listAliases, true),
        (.user, .issueDataKey, true),
        (.user, .encrypt, true),
        (.user, .decrypt, true),
        (.user, .reEncrypt, true),
        (.user, .sign, true),
        (.user, .verify, true),
        (.user, .generateMAC, true),
        (.user, .verifyMAC, true),
        (.user, .generateRandom, true),
        (.user, .createKey, false),
        (.user, .updateKey, false),
        (.user, .rotateKey, false),
        (.user, .changeState, false),
        (.user, .destroy, false),
        (.user, .deleteKey, false),
        (.user, .importKey, false),
        (.user, .changeAlias, false),
        (.manager, .listKeys, true),
        (.manager, .describeKey, true),
        (.manager, .readPublicKey, true),
        (.manager, .listAliases, true),
        (.manager, .issueDataKey, true),
        (.manager, .encrypt, true),
        (.manager, .decrypt, true),
        (.manager, .reEncrypt, true),
        (.manager, .sign, true),
        (.manager, .verify, true),
        (.manager, .generateMAC, true),
        (.manager, .verifyMAC, true),
        (.manager, .generateRandom, true),
        (.manager, .createKey, true),
        (.manager, .updateKey, true),
        (.manager, .rotateKey, true),
        (.manager, .changeState, true),
        (.manager, .destroy, true),
        (.manager, .deleteKey, true),
        (.manager, .importKey, true),
        (.manager, .changeAlias, true),
    ]

    @Test("allows each role its verbs and no other", arguments: table)
    func decides(_ role: Role, _ verb: Verb, _ isAllowed: Bool) {
        switch AccessPolicy.decide(verb, role: role) {
        case .allowed: #expect(isAllowed)
        case .denied(let reason):
            #expect(!isAllowed)
            #expect(reason.contains(verb.rawValue) && reason.contains(role.rawValue), "the reason names both")
        }
    }

    @Test("the table of this test names every pair once")
    func complete() {
        #expect(Set(Self.table.map { "\($0.0) \($0.1)" }).count == Role.allCases.count * Verb.allCases.count)
        #expect(Self.table.count == Role.allCases.count * Verb.allCases.count)
    }
}
