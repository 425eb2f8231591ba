/// The number of a version of a key, counted from 1.
package struct VersionNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number as ciphertext headers carry it: 1 to 4,294,967,295.
    package let value: UInt32

    /// Creates a number from 1 on; `nil` for 0, which no version has.
    package init?(_ value: UInt32) {
        guard value > 0 else { return nil }
        self.value = value
    }

    /// Reads a decimal number from a path or from the text form of a ciphertext: digits only, no leading zero.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            text.utf8.first != UInt8(ascii: "0"), let value = UInt32(text)
        else { return nil }
        self.init(value)
    }

    private init(known value: UInt32) { self.value = value }

    /// The first version of every key.
    package static let first = VersionNumber(known: 1)

    /// The number after this one, or `nil` if the numbers are used up.
    package var next: VersionNumber? {
        value == .max ? nil : VersionNumber(known: value + 1)
    }

    package static func < (lhs: VersionNumber, rhs: VersionNumber) -> Bool { lhs.value < rhs.value }

    package var description: String { String(value) }
}

/// The identity of one version: its key and its number.
package struct VersionID: Hashable, Sendable, CustomStringConvertible {
    package let key: KeyID
    package let number: VersionNumber

    package init(key: KeyID, number: VersionNumber) {
        self.key = key
        self.number = number
    }

    package var description: String { "\(key) version \(number)" }
}
