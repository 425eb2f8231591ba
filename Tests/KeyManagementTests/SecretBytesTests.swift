import KeyManagement
import SecretMemory
import Testing

@Suite
struct SecretBytesTests {
    static let text = "correct horse battery staple"
    let secret = SecretBytes(copying: Array(text.utf8))

    @Test func `never print what they are, however they are printed`() {
        struct Holder {
            let secret: SecretBytes
        }
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(secret: secret), to: &dumped)
        let prints = [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])",
            "\(Optional(secret) as Any)",
            "\(Holder(secret: secret))", secret.debugDescription, dumped,
            "\(Mirror(reflecting: secret).children.map(\.value))",
        ]
        for print in prints {
            #expect(!print.contains("horse"))
            #expect(!print.contains("\(Self.text.utf8.first!), "), "nor as numbers")
        }
        #expect("\(secret)" == "<28 secret bytes>")
    }

    @Test func `are read inside a closure`() {
        #expect(secret.count == 28)
        #expect(secret.withUnsafeBytes { Array($0) } == Array(Self.text.utf8))
    }

    @Test func `are equal when every byte is, and only then`() {
        #expect(secret == SecretBytes(copying: Array(Self.text.utf8)))
        for index in 0..<28 {
            var other = Array(Self.text.utf8)
            other[index] ^= 1
            #expect(secret != SecretBytes(copying: other))
        }
        #expect(secret != SecretBytes(copying: Self.text.utf8.dropLast()))
        #expect(secret != SecretBytes(copying: Array((Self.text + "\0").utf8)))
        #expect(SecretBytes(copying: [UInt8]()) == SecretBytes(copying: [UInt8]()))
    }

    @Test func `may be fewer than there was room for`() {
        let some = SecretBytes(capacity: 10) { buffer in
            buffer[0] = 7
            buffer[1] = 8
            return 2
        }
        #expect(some.count == 2)
        #expect(some.withUnsafeBytes { Array($0) } == [7, 8])
    }

    @Test func `pass on the error of what should have filled them`() {
        #expect(throws: KMSError.conflict) {
            try SecretBytes(capacity: 4) { (_) throws(KMSError) -> Int in throw .conflict }
        }
    }
}
