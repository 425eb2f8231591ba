import KMSTesting
import KeyManagement
import SecretMemory
import Testing

/// Two spellings of one letter that Unicode considers equal, but that differ in their bytes; and a character that it considers
/// equal to `K`.
enum Spelling {
    static let composed = "caf\u{E9}"
    static let decomposed = "cafe\u{301}"
    static let kelvin = "\u{212A}"

    /// Both spellings as names, each with a different value.
    static var pairs: TextPairs {
        var pairs = TextPairs()
        _ = pairs.insert("1", for: composed)
        _ = pairs.insert("2", for: decomposed)
        return pairs
    }
}

@Suite
struct ExactTextTests {
    @Test func `two spellings are two texts, in order of their bytes, with hashes of their own`() {
        let (composed, decomposed) = (ExactText(Spelling.composed), ExactText(Spelling.decomposed))
        #expect(Spelling.composed == Spelling.decomposed, "String calls them equal")
        #expect(composed != decomposed && decomposed < composed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(ExactText(Spelling.kelvin) != "K" && !Spelling.kelvin.isASCII && "K".isASCII)
    }

    @Test func `pairs keep both names, and refuse the same bytes twice`() {
        var pairs = Spelling.pairs
        #expect(pairs.count == 2 && pairs[Spelling.composed] == "1" && pairs[Spelling.decomposed] == "2")
        let isNew = pairs.insert("3", for: Spelling.composed)
        #expect(!isNew && pairs[Spelling.composed] == "1")
        #expect(pairs.sorted.map(\.value) == ["2", "1"])
        #expect(pairs.removing([ExactText(Spelling.composed)]).sorted.map(\.value) == ["2"])
        var values = TextPairs()
        _ = values.insert(Spelling.composed, for: "a")
        var others = TextPairs()
        _ = others.insert(Spelling.decomposed, for: "a")
        #expect(values != others)
    }

    @Test func `a context of both spellings is encoded, read back, and part of neither alone`() throws {
        let both = try EncryptionContext(Spelling.pairs)
        var bytes: [UInt8] = []
        both.encode(into: &bytes)
        let read = try #require(EncryptionContext(encoded: bytes))
        #expect(read == both && read.sorted.count == 2)
    }

    @Test
    func `nothing that was encrypted under one spelling is decrypted under the other, and a grant names one of them`()
        async throws
    {
        let service = try await Service()
        let key = try await service.key("spelled")
        let composed = try EncryptionContext([Spelling.composed: "1"])
        let decomposed = try EncryptionContext([Spelling.decomposed: "1"])
        let ciphertext = try await service.encrypt("secret", under: key, context: composed)
        #expect(try await service.decrypt(ciphertext, context: composed) == "secret")
        #expect(await refusal { try await service.decrypt(ciphertext, context: decomposed) } == .decryptionFailed)
        let both = try EncryptionContext(Spelling.pairs)
        let wrapped = try await service.encrypt("both", under: key, context: both)
        #expect(try await service.decrypt(wrapped, context: both) == "both")
        try await service.kms.createSubject(try SubjectID("stranger"), by: service.administrator)
        let stranger = Caller(
            Principal(profile: Profile(subject: try SubjectID("stranger"), kind: .subject(.user))), in: try Service.shop
        )
        for constraint in [GrantConstraint.equals(composed), .includes(composed)] {
            let made = try await service.kms.createGrant(
                GrantRequest(
                    grantee: .subject(try SubjectID("stranger")), actions: [.encrypt, .decrypt], constraint: constraint),
                on: .id(key.id), by: service.manager)
            let restarted = service.restarted()
            _ = try await restarted.decrypt(ciphertext, context: composed, by: stranger)
            let other = await refusal {
                try await restarted.encrypt(
                    SecretBytes(copying: [1]), under: .id(key.id), context: decomposed, by: stranger)
            }
            #expect(other?.code == .accessDenied)
            try await service.kms.revokeGrant(made.grant.id, of: .id(key.id), by: service.manager)
        }
    }

    @Test func `grants under two spellings of a name are two grants`() async throws {
        let service = try await Service()
        let key = try await service.key("named")
        var ids: Set<GrantID> = []
        for name in [Spelling.composed, Spelling.decomposed, Spelling.composed] {
            let made = try await service.kms.createGrant(
                GrantRequest(name: name, grantee: .everyone, actions: [.encrypt]), on: .id(key.id), by: service.manager)
            ids.insert(made.grant.id)
        }
        #expect(ids.count == 2)
    }

    @Test func `tags of both spellings come back from the store, are found by one, and go one by one`() async throws {
        let service = try await Service()
        let key = try await service.kms.make(
            CreateKeyRequest(name: try KeyName("tagged"), tags: try KeyTags(Spelling.pairs)), by: service.manager)
        let restarted = service.restarted()
        #expect(try await restarted.describeKey(.id(key.id), by: service.manager).tags.pairs == Spelling.pairs)
        var filter = KeyFilter()
        filter.tag = (Spelling.composed, "2")
        #expect(try await restarted.listKeys(filter, by: service.manager).items.isEmpty)
        filter.tag = (Spelling.decomposed, "2")
        #expect(try await restarted.listKeys(filter, by: service.manager).items.count == 1)
        _ = try await service.kms.updateKey(
            .id(key.id), KeyUpdate(tags: .remove([ExactText(Spelling.composed)])), by: service.manager)
        #expect(try await restarted.describeKey(.id(key.id), by: service.manager).tags.sorted.map(\.value) == ["2"])
    }

    @Test func `tags that were stored as an object are still read`() async throws {
        let service = try await Service()
        let key = try await service.kms.make(
            CreateKeyRequest(name: try KeyName("old"), tags: try KeyTags(["team": "a"])), by: service.manager)
        try service.sql("UPDATE \"key\" SET tags = '{\"team\":\"a\"}'")
        #expect(try await service.restarted().describeKey(.id(key.id), by: service.manager).tags.pairs == ["team": "a"])
    }

    @Test func `a description whose spelling alone changes is changed`() async throws {
        let service = try await Service()
        let key = try await service.kms.make(
            CreateKeyRequest(name: try KeyName("told"), description: try KeyDescription(Spelling.composed)),
            by: service.manager)
        _ = try await service.kms.updateKey(
            .id(key.id), KeyUpdate(description: try KeyDescription(Spelling.decomposed)), by: service.manager)
        let text = try await service.restarted().describeKey(.id(key.id), by: service.manager).description.text
        #expect(Array(text.utf8) == Array(Spelling.decomposed.utf8))
    }
}
