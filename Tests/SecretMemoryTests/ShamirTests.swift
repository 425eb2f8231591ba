import Foundation
import KMSTesting
import Testing

@testable import SecretMemory

/// Secret sharing, verified by an independent program that reconstructs the secret.
@Suite struct ShamirTests {
    private let secret = Array("a PIN that several keep".utf8)

    @Test func `any m of n make it whole, in any order, and more do no harm`() throws {
        let shares = try Shamir.split(secret, required: 3, count: 5)
        for first in 0..<5 {
            for second in 0..<5 where second != first {
                for third in 0..<5 where third != first && third != second {
                    #expect(try Shamir.combine([shares[first], shares[second], shares[third]]) == secret)
                }
            }
        }
        #expect(try Shamir.combine(shares.reversed()) == secret)
    }

    @Test func `too few, twice the same, and shares of two secrets are refused`() throws {
        let shares = try Shamir.split(secret, required: 3, count: 5)
        let others = try Shamir.split(secret, required: 3, count: 5)
        #expect(throws: SharingError.tooFew(needed: 3, there: 2)) { try Shamir.combine(Array(shares.prefix(2))) }
        #expect(throws: SharingError.twice) { try Shamir.combine([shares[0], shares[0], shares[1]]) }
        #expect(throws: SharingError.unrelated) { try Shamir.combine(Array(shares.prefix(3)) + [others[3]]) }
        #expect(throws: SharingError.tooFew(needed: 2, there: 0)) { try Shamir.combine([]) }
        for (required, count) in [(1, 3), (4, 3), (2, 256), (0, 0)] {
            #expect(throws: SharingError.outOfRange) { try Shamir.split(secret, required: required, count: count) }
        }
    }

    /// Verifies that with one share fewer, every secret is equally likely: for each byte a polynomial through the known points
    /// exists.
    @Test func `a share fewer tells nothing`() throws {
        let share = try Shamir.split([0x41], required: 2, count: 2)[0]
        var possible: Set<UInt8> = []
        for value in UInt8.min...UInt8.max {
            possible.insert(try Shamir.combine([share, Share(required: 2, index: 2, value: [value])])[0])
        }
        #expect(possible.count == 256)
    }

    @Test func `a share as text comes back, and a wrong character is found`() throws {
        let share = try Shamir.split(secret, required: 2, count: 3)[1]
        #expect(try Share(text: " \(share.text)\n") == share)
        let text = Array(share.text)
        for place in text.indices where text[place] != ":" {
            var changed = text
            changed[place] = changed[place] == "0" ? "1" : "0"
            #expect(throws: SharingError.self) { try Share(text: String(changed)) }
        }
    }

    /// Verifies inverse and product against those of AES: FIPS 197 §4.2 has 57 * 83 = c1.
    @Test func `the field is that of AES`() {
        #expect(GaloisField.multiply(0x57, 0x83) == 0xC1)
        #expect(GaloisField.multiply(0x57, 0x13) == 0xFE)
        for value in UInt8(1)...UInt8.max {
            #expect(GaloisField.multiply(value, GaloisField.inverse(value)) == 1)
        }
    }

    @Test func `a program of ten lines that is not ours makes it whole`() throws {
        let shares = try Shamir.split(secret, required: 3, count: 6)
        let script = """
            import sys
            def mul(a, b):
                p = 0
                while b:
                    if b & 1: p ^= a
                    a = a << 1 ^ (0x11b if a & 0x80 else 0); b >>= 1
                return p
            def inv(a): return next(b for b in range(1, 256) if mul(a, b) == 1)
            parts = [line.split(":") for line in sys.argv[1:]]
            points = [(int(p[2]), bytes.fromhex(p[3])) for p in parts]
            out = bytearray(len(points[0][1]))
            for x, y in points:
                f = 1
                for z, _ in points:
                    if z != x: f = mul(f, mul(z, inv(z ^ x)))
                for i, b in enumerate(y): out[i] ^= mul(f, b)
            sys.stdout.write(out.decode())
            """
        let outcome = try ChildProcess.run(
            "/usr/bin/python3", ["-c", script] + [shares[5], shares[1], shares[3]].map(\.text), environment: [:])
        #expect(outcome.status == 0 && outcome.output == secret, "\(String(decoding: outcome.output, as: UTF8.self))")
    }
}
