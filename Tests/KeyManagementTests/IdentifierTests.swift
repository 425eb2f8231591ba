import KeyManagement
import Testing

@Suite
struct IdentifierTests {
    static let uuid = "00010203-0405-4607-8809-0a0b0c0d0e0f"

    @Test(arguments: [
        "a", "Z", "0", "payments", "Pay.ments_2026-01", "9to5", "a.", "a-", "a_", "a..b",
        "00010203-0405-4607-8809-0a0b0c0d0e0", "00010203040546078809-0a0b0c0d0e0f",
        "g0010203-0405-4607-8809-0a0b0c0d0e0f",
        String(repeating: "x", count: 128),
    ])
    func `a key name is made of letters, digits, '.', '_' and '-'`(_ text: String) throws {
        #expect(try KeyName(text).text == text)
        #expect(try KeyReference(text) == .name(KeyName(text)))
        #expect(try SubjectID(text).text == text)
        #expect(try ProjectID(text).text == text)
    }

    @Test(arguments: [
        "", " ", "a b", " a", "a ", "a/b", "/", "..", ".", "../etc", "-a", "_a", ".a", "a\\b", "a:b", "a%2f", "a?b",
        "a\n", "a\u{0}", "\u{7}", "a\u{7f}", "a\u{200b}b", "\u{202e}a", "é", "e\u{301}", "ключ", "鍵", "🔑",
        "a\u{301}",
        "ａ", "１", String(repeating: "x", count: 129), String(repeating: "x", count: 300), uuid, uuid.uppercased(),
    ])
    func `anything else is no key name`(_ text: String) {
        #expect(throws: KMSError.self) { try KeyName(text) }
    }

    @Test(arguments: ["alice", "alice@example.com", "oidc:a.b+c=d_e-f", "9", uuid, String(repeating: "x", count: 128)])
    func `a subject or a group may be an address; a project is written as a key, and any of them may be a UUID`(
        _ text: String
    ) throws {
        #expect(try SubjectID(text).text == text)
        #expect(try GroupID(text).text == text)
        #expect((try? ProjectID(text)) != nil || text.contains { "@:+=".contains($0) })
    }

    @Test(arguments: [
        "", " ", "a b", "a ", "a/b", "..", "@a", ":a", "-a", "a%2f", "a?b", "a#b", "a\n", "a\u{0}", "a\u{7f}",
        "a\u{200b}b", "é", "e\u{301}", "ключ", "🔑", "ａ", "a,b", "a;b", "a\"b", String(repeating: "x", count: 129),
    ])
    func `anything else is no subject, group, project or service`(_ text: String) {
        #expect(throws: KMSError.self) { try SubjectID(text) }
        #expect(throws: KMSError.self) { try GroupID(text) }
        #expect(throws: KMSError.self) { try ProjectID(text) }
        #expect(throws: KMSError.self) { try ServiceName(text) }
    }

    @Test(arguments: [("", "empty"), ("a/b", "letters"), (uuid, "id")])
    func `a refused name is an invalid request that says what is wrong`(_ text: String, _ reason: String) {
        let error = #expect(throws: KMSError.self) { try KeyName(text) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains(reason) == true)
    }

    @Test func `names sort by their bytes`() throws {
        let sorted = try ["0", "A", "A-", "A.", "A0", "A_", "Aa", "a", "a1", "a10", "a2"].map { try KeyName($0) }
        #expect(sorted.shuffled().sorted() == sorted)
    }

    @Test func `a description is free text without control characters, of at most 1024 bytes`() throws {
        for text in ["", "For payments: 100% of them / all 🔑 €", String(repeating: "é", count: 512)] {
            #expect(try KeyDescription(text).text == text)
        }
        let refused = [
            "line\nbreak", "bell\u{7}", "nul\u{0}", "escape\u{1b}[2J", "delete\u{7f}", "c1\u{9b}", "left\u{202e}right",
            "zero\u{200b}width", "line\u{2028}separator", "paragraph\u{2029}separator", "\u{feff}mark",
            String(repeating: "x", count: 1025), String(repeating: "é", count: 513),
        ]
        for text in refused {
            #expect(throws: KMSError.self, "\(text.debugDescription)") { try KeyDescription(text) }
        }
    }

    @Test func `a key id has a text form, read in either case and written in lower case`() throws {
        let id = try #require(KeyID(Self.uuid))
        let bytes: [UInt8] = [0, 1, 2, 3, 4, 5, 0x46, 7, 0x88, 9, 10, 11, 12, 13, 14, 15]
        #expect(id.bytes == bytes)
        #expect(id.description == Self.uuid)
        #expect(KeyID(Self.uuid.uppercased()) == id)
        #expect(KeyID(bytes: bytes) == id)
        #expect(try KeyReference(Self.uuid.uppercased()) == .id(id))
        #expect(KeyID("ffffffff-ffff-ffff-ffff-ffffffffffff")?.bytes == [UInt8](repeating: 0xff, count: 16))
    }

    @Test(arguments: [
        "", "0", "00010203-0405-4607-8809-0a0b0c0d0e0", "00010203-0405-4607-8809-0a0b0c0d0e0f0",
        "00010203x0405-4607-8809-0a0b0c0d0e0f", "0001020304054607-8809-0a0b0c0d0e0f--",
        "{0010203-0405-4607-8809-0a0b0c0d0e0}", "0001020g-0405-4607-8809-0a0b0c0d0e0f",
        "0001020\u{e9}-0405-4607-8809-0a0b0c0d0e0", "-0010203-0405-4607-8809-0a0b0c0d0e0f",
    ])
    func `what is no UUID is no key id`(_ text: String) {
        #expect(KeyID(text) == nil)
    }

    @Test(arguments: [0, 1, 15, 17, 32]) func `16 bytes make a key id, no more and no less`(_ count: Int) {
        #expect(KeyID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `new key ids are random UUIDs of version 4 and variant 10, all different`() {
        let ids = (0..<1000).map { _ in KeyID() }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.bytes[6] >> 4 == 4 && $0.bytes[8] >> 6 == 0b10 })
        #expect(ids.allSatisfy { KeyID($0.description) == $0 && KeyID(bytes: $0.bytes) == $0 })
        // Each of the 122 other bits is set in some and clear in others: missed by chance once in 2^992.
        var (anySet, allSet) = ([UInt8](repeating: 0, count: 16), [UInt8](repeating: 0xff, count: 16))
        for id in ids {
            for (index, byte) in id.bytes.enumerated() {
                anySet[index] |= byte
                allSet[index] &= byte
            }
        }
        #expect(anySet == [UInt8](repeating: 0xff, count: 6) + [0x4f, 0xff, 0xbf] + [UInt8](repeating: 0xff, count: 7))
        #expect(allSet == [0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `a version number counts from 1 to 4294967295`() {
        #expect(VersionNumber(UInt32(0)) == nil)
        #expect(VersionNumber(UInt32(1)) == .first)
        #expect(VersionNumber(UInt32.max)?.value == 4_294_967_295)
        #expect(VersionNumber.first.next?.value == 2)
        #expect(VersionNumber(UInt32.max)?.next == nil)
        #expect(VersionNumber("1") == .first)
        #expect(VersionNumber("4294967295")?.value == 4_294_967_295)
        #expect(VersionNumber("10")?.description == "10")
    }

    @Test(arguments: [
        "", "0", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "1e3", "0x1", "4294967296", "99999999999999999999", "١",
        "１",
    ])
    func `a version number in text is digits without leading zeros`(_ text: String) {
        #expect(VersionNumber(text) == nil)
    }

    @Test func `a page has 1 to 1000 items, a data key 1 to 1024 bytes`() throws {
        for count in [1, 100, 1000] { #expect(try PageLimit(count).count == count) }
        for count in [0, -1, 1001, .max, .min] { #expect(throws: KMSError.self) { try PageLimit(count) } }
        for count in [1, 32, 1024] { #expect(try DataKeySpec(byteCount: count).byteCount == count) }
        for count in [0, -1, 1025, 65536 + 32, .max, .min] {
            #expect(throws: KMSError.self) { try DataKeySpec(byteCount: count) }
        }
        #expect(DataKeySpec.aes256.byteCount == 32 && DataKeySpec.aes128.byteCount == 16)
    }

    @Test(
        arguments: [
            // As printed by `date -u -d @…`.
            (0, "1970-01-01T00:00:00.000Z"), (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
            (1_769_903_999_007, "2026-01-31T23:59:59.007Z"), (1_709_164_800_999, "2024-02-29T00:00:00.999Z"),
            (4_102_444_800_000, "2100-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `a time is shown as RFC 3339 in UTC`(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }
}
