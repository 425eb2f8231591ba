import FoundationEssentials
import JWTKit

/// The keys of an issuer that verify signatures, from a JSON Web Key Set.
struct IssuerKeys: Sendable {
    private struct Entry: Sendable {
        let kid: String?
        let key: JWK
    }

    private let entries: [Entry]

    var count: Int { entries.count }

    /// Reads a key set. Keys of other kinds, or for other uses, are left out.
    ///
    /// - Throws: if it is not a key set.
    init(json: Data) throws {
        let set = try JSONDecoder().decode(KeySet.self, from: json)
        entries = set.keys.compactMap { candidate in
            guard let key = candidate.key, key.privateExponent == nil, candidate.use.map({ $0 == "sig" }) ?? true,
                candidate.keyOperations.map({ $0.contains("verify") }) ?? true
            else { return nil }
            return Entry(kid: candidate.kid, key: key)
        }
    }

    /// Returns the one key that may have made a signature by this algorithm. It has the given id or, if the token names none, is the only
    /// one that fits.
    func key(named kid: String?, for algorithm: JWTConfiguration.SigningAlgorithm) -> JWK? {
        let fitting = entries.filter { ($0.kid == kid || kid == nil) && algorithm.fits($0.key) }
        guard fitting.count == 1, var key = fitting.first?.key else { return nil }
        // The library takes the algorithm from the key; the key's own was compared above.
        key.algorithm = JWK.Algorithm(rawValue: algorithm.rawValue)
        key.keyIdentifier = JWKIdentifier(string: kid ?? "only")
        return key
    }

    func knows(_ kid: String) -> Bool { entries.contains { $0.kid == kid } }

    private struct KeySet: Decodable {
        let keys: [Candidate]
    }

    /// A key as far as it can be parsed.
    private struct Candidate: Decodable {
        let kid: String?
        let use: String?
        let keyOperations: [String]?
        let key: JWK?

        private enum CodingKeys: String, CodingKey {
            case kid, use
            case keyOperations = "key_ops"
        }

        init(from decoder: any Decoder) throws {
            let container = try? decoder.container(keyedBy: CodingKeys.self)
            kid = (try? container?.decodeIfPresent(String.self, forKey: .kid)) ?? nil
            use = (try? container?.decodeIfPresent(String.self, forKey: .use)) ?? nil
            keyOperations = (try? container?.decodeIfPresent([String].self, forKey: .keyOperations)) ?? nil
            key = try? JWK(from: decoder)
        }
    }
}

extension JWTConfiguration.SigningAlgorithm {
    /// Returns true if a key is of the kind that this algorithm requires, and is not declared for another.
    fileprivate func fits(_ key: JWK) -> Bool {
        if let own = key.algorithm, own.rawValue != rawValue { return false }
        let curve = key.curve?.rawValue
        return switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: key.keyType == .rsa && hasRoom(key)
        case .es256: key.keyType == .ecdsa && curve == "P-256"
        case .es384: key.keyType == .ecdsa && curve == "P-384"
        case .es512: key.keyType == .ecdsa && curve == "P-521"
        case .edDSA: key.keyType == .octetKeyPair && curve == "Ed25519"
        }
    }

    /// Returns true for a modulus of at least 2,048 bits (RFC 7518 §3.3), which are 342 characters.
    private func hasRoom(_ key: JWK) -> Bool { (key.modulus?.utf8.count ?? 0) >= 342 }
}
