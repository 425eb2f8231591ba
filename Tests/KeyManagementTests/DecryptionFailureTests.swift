import KMSTesting
import KeyManagement
import Testing

@Suite
struct DecryptionFailureTests {
    let service: Service
    let key: KeyRecord
    let context: EncryptionContext
    let ciphertext: Ciphertext

    init() async throws {
        service = try await Service()
        key = try await service.key(versions: 2)
        context = try EncryptionContext(["tenant": "7", "table": "cards"])
        ciphertext = try await service.encrypt("a secret", under: key, context: context)
        #expect(
            try await service.decrypt(ciphertext, context: context) == "a secret", "it decrypts when nothing is wrong")
    }

    /// Returns the two kinds of errors, with the key named and without.
    private func errors(_ ciphertext: Ciphertext?, context: EncryptionContext? = nil) async throws -> [KMSError?] {
        var errors: [KMSError?] = []
        for reference in [nil, KeyReference.id(key.id), .name(key.name)] {
            errors.append(
                await refusal("\(String(describing: ciphertext))") {
                    try await service.kms.decrypt(
                        ciphertext, under: reference, context: context ?? self.context, by: service.manager)
                })
        }
        return errors
    }

    static let same: [KMSError?] = [.decryptionFailed, .decryptionFailed, .decryptionFailed]

    @Test func `is the same for every wrong context`() async throws {
        let wrong: [[String: String]] = [
            [:], ["tenant": "7"], ["tenant": "8", "table": "cards"], ["tenant": "7", "table": "card"],
            ["Tenant": "7", "table": "cards"], ["tenant": "7", "table": "cards", "more": ""],
            ["tenant": "cards", "table": "7"], ["tenan": "t7", "table": "cards"],
        ]
        for pairs in wrong {
            #expect(try await errors(ciphertext, context: EncryptionContext(pairs)) == Self.same, "\(pairs)")
        }
    }

    @Test func `is the same for every single bit that is flipped`() async throws {
        let bytes = ciphertext.bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                let error = await refusal("byte \(index), bit \(bit)") {
                    try await service.kms.decrypt(Ciphertext(bytes: flipped), context: context, by: service.manager)
                }
                #expect(error == .decryptionFailed, "byte \(index), bit \(bit)")
                let named = await refusal("byte \(index), bit \(bit), key named") {
                    try await service.kms.decrypt(
                        Ciphertext(bytes: flipped), under: .id(key.id), context: context, by: service.manager)
                }
                #expect(named == .decryptionFailed, "byte \(index), bit \(bit), key named")
            }
        }
    }

    @Test func `is the same at every length that was cut off, and when something was added`() async throws {
        let bytes = ciphertext.bytes
        for count in bytes.indices {
            #expect(try await errors(Ciphertext(bytes: Array(bytes[..<count]))) == Self.same, "\(count) bytes")
        }
        #expect(try await errors(Ciphertext(bytes: bytes + [0])) == Self.same)
        #expect(try await errors(Ciphertext(bytes: bytes + bytes)) == Self.same)
    }

    @Test func `is the same for no ciphertext at all`() async throws {
        #expect(try await errors(nil) == Self.same)
        #expect(try await errors(Ciphertext(text: "kms:1:nonsense")) == Self.same)
    }

    @Test func `is the same for another version of the same key, and for one that it does not have`() async throws {
        for number in [UInt32(1), 3, .max] {
            let other = try #require(VersionNumber(number))
            let moved = Ciphertext(version: VersionID(key: key.id, number: other), body: ciphertext.body)
            #expect(try await errors(moved) == Self.same)
        }
    }

    @Test func `is the same for the ciphertext of another key that is named, though the other key decrypts it`()
        async throws
    {
        let other = try await service.key("other")
        let foreign = try await service.encrypt("foreign", under: other, context: context)
        for reference in [KeyReference.id(key.id), .name(key.name)] {
            let error = await refusal {
                try await service.kms.decrypt(foreign, under: reference, context: context, by: service.manager)
            }
            #expect(error == .decryptionFailed)
        }
        let decrypted = try await service.kms.decrypt(
            foreign, under: .id(other.id), context: context, by: service.manager)
        #expect(decrypted.plaintext.text == "foreign")
        // Its box under this key's header, and this box under its header.
        #expect(try await errors(Ciphertext(version: ciphertext.version, body: foreign.body)) == Self.same)
        #expect(try await errors(Ciphertext(version: foreign.version, body: ciphertext.body)) == Self.same)
    }

    @Test func `is the same for a key that nobody has`() async throws {
        let unknown = Ciphertext(version: VersionID(key: KeyID(), number: .first), body: ciphertext.body)
        #expect(try await errors(unknown) == Self.same)
    }

    @Test func `is the same for a key of another service`() async throws {
        let elsewhere = try await Service()
        let foreign = try await elsewhere.encrypt("foreign", under: elsewhere.key(), context: context)
        #expect(try await errors(foreign) == Self.same)
    }

    @Test func `says nothing of the reason in code and message`() {
        #expect(KMSError.decryptionFailed.code == .decryptionFailed)
        for word in ["tag", "version", "bit", "length", "nonce", "found", "exist"] {
            #expect(!KMSError.decryptionFailed.message.contains(word))
        }
    }
}
