/// The number of a version of a key, counted from 1.
public struct VersionNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number as ciphertext headers carry it: 1 to 4,294,967,295.
    public let value: UInt32

    /// Takes a number from 1 on; 0 is nobody's version.
    public init?(_ value: UInt32) {
        guard value > 0 else { return nil }
        self.value = value
    }

    /// Reads a decimal number as it stands in a path or in the text form of a ciphertext: digits only, no leading zero.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            text.utf8.first != UInt8(ascii: "0"), let value = UInt32(text)
        else { return nil }
        self.init(value)
    }

    private init(known value: UInt32) { self.value = value }

    /// The first version of every key.
    public static let first = VersionNumber(known: 1)

    /// The number after this one, or nil when the numbers are used up.
    public var next: VersionNumber? {
        value == .max ? nil : VersionNumber(known: value + 1)
    }

    public static func < (lhs: VersionNumber, rhs: VersionNumber) -> Bool { lhs.value < rhs.value }

    public var description: String { String(value) }
}

/// One version of one key, named from anywhere.
public struct VersionID: Hashable, Sendable, CustomStringConvertible {
    public let key: KeyID
    public let number: VersionNumber

    public init(key: KeyID, number: VersionNumber) {
        self.key = key
        self.number = number
    }

    public var description: String { "\(key) version \(number)" }
}
