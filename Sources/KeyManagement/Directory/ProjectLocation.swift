/// The number of an account as AWS clients know it: exactly 12 digits.
package struct AccountNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package static let length = 12

    /// Creates a number.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text is not 12 digits.
    package init(_ text: String) throws(KMSError) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.utf8.count == Self.length, text.utf8.allSatisfy({ digits.contains($0) }) else {
            throw .invalidRequest("an account has \(Self.length) digits, such as 111122223333")
        }
        self.text = text
    }

    private init(_ number: UInt64) { text = String(number) }

    /// Returns a random number.
    static func random() -> AccountNumber { AccountNumber(.random(in: 100_000_000_000...999_999_999_999)) }

    package static func < (lhs: AccountNumber, rhs: AccountNumber) -> Bool { Naming.precedes(lhs.text, rhs.text) }

    package var description: String { text }
}

/// The name of a region as AWS clients know it, such as `eu-central-1`: 1 to 32 of `a–z 0–9 -`.
package struct Region: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package static let maxLength = 32

    /// The default region of a project.
    package static let standard = Region(known: "us-east-1")

    /// Creates a region.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text cannot be a region.
    package init(_ text: String) throws(KMSError) {
        guard let region = Region(text.utf8) else {
            throw .invalidRequest(
                "a region has 1 to \(Self.maxLength) lower-case letters, digits and '-', such as eu-central-1")
        }
        self = region
    }

    /// Reads a region; `nil` if the text cannot be one.
    package init?(_ text: some Collection<UInt8>) {
        let text = String(decoding: text, as: UTF8.self)
        guard (1...Self.maxLength).contains(text.utf8.count), text.utf8.allSatisfy(Self.mayHave) else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    private static func mayHave(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    package static func < (lhs: Region, rhs: Region) -> Bool { Naming.precedes(lhs.text, rhs.text) }

    package var description: String { text }
}

/// The location of a project for AWS clients, which name an account and a region instead of a project.
///
/// No two projects have the same location, and it never changes, because the ARNs of the keys contain it.
package struct ProjectLocation: Hashable, Sendable, CustomStringConvertible {
    package let account: AccountNumber
    package let region: Region

    package init(account: AccountNumber, region: Region) {
        self.account = account
        self.region = region
    }

    /// Creates a location from the given parts, with a random account and the standard region as defaults; `nil` if both parts
    /// are missing.
    package init?(account: AccountNumber?, region: Region?) {
        guard account != nil || region != nil else { return nil }
        self.init(account: account ?? .random(), region: region ?? .standard)
    }

    /// Returns a location with a random account in the standard region.
    package static func random() -> ProjectLocation { ProjectLocation(account: .random(), region: .standard) }

    /// The location as text: `ACCOUNT/REGION`.
    package var description: String { "\(account)/\(region)" }
}

/// The assignment of a location to a project. It is created when the project gets its location, and never changes.
package struct LocationRecord: DirectoryRecord {
    package let location: ProjectLocation
    package let project: ProjectID

    package static let kind = DirectoryKind.location
    package var key: String { location.description }
    package var parent: String { project.text }
    package var revision: UInt64 { 1 }

    package init(location: ProjectLocation, project: ProjectID) {
        self.location = location
        self.project = project
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, location.account.text)
        encoding.append(2, location.region.text)
        encoding.append(3, project.text)
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let account = reader.text(1).flatMap({ try? AccountNumber($0) }),
            let region = reader.text(2).flatMap({ try? Region($0) }),
            let project = reader.text(3).flatMap({ try? ProjectID($0) })
        else { return nil }
        self.init(location: ProjectLocation(account: account, region: region), project: project)
    }

    private static let domain = "hsm-kms/seal/location/1"
}
