import Encodings

/// A grant in the form of a text that only the service can make. It confers nothing that the grant does not.
///
/// The text is `kmsg2` and, in hexadecimal digits, the root epoch, 8 random bytes, the key, the grant and a seal. The seal
/// covers the random bytes, the key and the grant, by that epoch's roots. The random bytes make each text unique.
package struct GrantToken: Hashable, Sendable {
    package let key: KeyID
    package let grant: GrantID
    private let random: [UInt8]
    fileprivate let seal: Seal

    private static let prefix = "kmsg2"
    private static let randomByteCount = 8

    /// Reads a token, which need not be genuine; `nil` if the text is not a token.
    package init?(text: String) {
        guard text.utf8.starts(with: Self.prefix.utf8),
            let bytes = Hexadecimal.bytes(Substring(text.utf8.dropFirst(Self.prefix.utf8.count))),
            bytes.count == 4 + Self.randomByteCount + KeyID.byteCount + GrantID.byteCount + Seal.byteCount
        else { return nil }
        var rest = bytes[...]
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        guard let epoch = RootEpoch(take(4).reduce(0) { $0 << 8 | UInt32($1) }) else { return nil }
        random = take(Self.randomByteCount)
        guard let key = KeyID(bytes: take(KeyID.byteCount)), let grant = GrantID(bytes: take(GrantID.byteCount))
        else { return nil }
        self.key = key
        self.grant = grant
        seal = Seal(epoch: epoch, code: take(Seal.byteCount))
    }

    fileprivate init(key: KeyID, grant: GrantID, random: [UInt8], seal: Seal) {
        self.key = key
        self.grant = grant
        self.random = random
        self.seal = seal
    }

    package var text: String {
        let epoch = (0..<4).map { UInt8(truncatingIfNeeded: seal.epoch.number >> (24 - 8 * UInt32($0))) }
        return Self.prefix + Hexadecimal.text(epoch + random + key.bytes + grant.bytes + seal.code)
    }

    fileprivate var message: [UInt8] { Self.message(key, grant, random) }

    fileprivate static func message(_ key: KeyID, _ grant: GrantID, _ random: [UInt8]) -> [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/grant-token/2")
        encoding.append(1, random)
        encoding.append(2, key.bytes)
        encoding.append(3, grant.bytes)
        return encoding.bytes
    }

    fileprivate static func newRandom() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<randomByteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}

extension KeyService {
    /// Makes the token of a newly created grant.
    package func grantToken(of grant: GrantID, for key: KeyID) async throws(KMSError) -> GrantToken {
        let random = GrantToken.newRandom()
        let seal = try await records.seal(GrantToken.message(key, grant, random))
        return GrantToken(key: key, grant: grant, random: random, seal: seal)
    }

    /// Returns true if this service, or another with the same roots, made all of these. Only the token is queried, so the
    /// answer does not reveal which keys and grants exist.
    package func isGenuine(_ tokens: [GrantToken]) async throws(KMSError) -> Bool {
        try await records.areGenuine(tokens.map { ($0.seal, $0.message) }).allSatisfy(\.self)
    }
}
