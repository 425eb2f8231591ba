import KeyManagement
import Testing

@testable import JSONText

/// The findings of fuzzing, each as a test of its own.
@Suite struct FindingTests {
    @Test(arguments: [
        "00", "01", "-00.5", "1.", ".5", "1.e5", "1e", "1e+", "-", "+1", "1e999", "-1e999", "0x10", "1_0",
    ])
    func `a number that RFC 8259 does not know, or that no Double can hold, is refused`(text: String) {
        #expect(throws: KMSError.self) { try Self.number(text) }
        #expect(throws: KMSError.self) { try Self.number("[\(text)]") }
    }

    @Test(arguments: ["0", "-0", "10", "0.50", "1e5", "1E+05", "-1.25e-2"])
    func `a number of RFC 8259 is read as it stands`(text: String) throws { #expect(try Self.number(text) == text) }

    @Test func `a statement whose number of parties is the largest there is is none, and stops nothing`() {
        #expect(AccessStatement(text: "allow \(Int.max) * decrypt") == nil)
        #expect(AccessStatement(text: "allow 2 * decrypt") == nil)
        #expect(AccessStatement(text: "allow 1 * decrypt") != nil)
    }

    private static func number(_ text: String) throws -> String? {
        let read = try JSONReader.read(bytes: Array(text.utf8)) { (reader) throws(KMSError) in try reader.node() }
        guard case .number(let number) = read.value else { return nil }
        return number
    }
}
