import ArgumentParser
import FoundationEssentials

/// A service and the way to use it, saved under a name. The credential is in files of its own.
struct SavedContext: Codable, Hashable {
    var url: String
    var ca: String?
    var clientCertificate: String?
    var clientKey: String?
    var project: String?
    /// True to send the token over plain HTTP to another host.
    var allowPlaintextNetwork: Bool?
    /// The identity provider at which the last login took place; nil after a login with a token.
    var login: SavedLogin?

    init(url: String) { self.url = url }

    /// Returns true if `address` is the address of this context.
    func isFor(_ address: String) -> Bool { Self.trimmed(address) == Self.trimmed(url) }

    private static func trimmed(_ address: String) -> String {
        address.hasSuffix("/") ? String(address.dropLast()) : address
    }
}

/// The parameters of a login at an identity provider, for the next login.
struct SavedLogin: Codable, Hashable {
    var issuer: String
    var clientID: String
    var scope: String
    /// The file with the authorities that are trusted for the issuer.
    var ca: String?
    /// True if the service gets the access token and not the ID token.
    var usesAccessToken: Bool?
}

/// The parts of a login at an identity provider that change. They are secret.
struct SavedSession: Codable, Hashable {
    var refreshToken: String?
    /// The time at which the token expires; nil if it is unknown.
    var expiresAt: Date?
}

/// The name of a context: 1 to 64 letters, digits, `.`, `_` and `-`, which do not begin with a dot. It is also the name of files.
struct ContextName: Hashable, Comparable, CustomStringConvertible, ExpressibleByArgument {
    let text: String

    init(_ text: String) throws(Failure) {
        guard let name = ContextName(argument: text) else {
            throw Failure(.input, "'\(text)' is not the name of a context: 1 to 64 letters, digits, '.', '_' and '-'")
        }
        self = name
    }

    init?(argument text: String) {
        guard (1...64).contains(text.utf8.count), !text.hasPrefix("."),
            text.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            })
        else { return nil }
        self.text = text
    }

    static let standard = "default"

    var description: String { text }

    static func < (left: ContextName, right: ContextName) -> Bool { left.text < right.text }
}
