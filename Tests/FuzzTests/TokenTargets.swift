import Foundation
import KeyManagement

@testable import IdentityJWT

extension FuzzTarget {
    static let tokenTargets = [jwt, bearer]

    /// A JSON Web Token, its claims, and an issuer's key set.
    private static let jwt = FuzzTarget("jwt", samples: { jwtSamples }) { (bytes) throws(BrokenProperty) in
        _ = try? IssuerKeys(json: Data(bytes)).key(named: "a", for: .rs256)
        claims(bytes)
        guard let text = String(validating: bytes, as: UTF8.self), let token = try? CompactToken(text) else { return }
        let parts = text.split(separator: ".").map { Array($0.utf8) }
        try hold(parts.count == 3, "a token of \(parts.count) parts")
        try hold(token.signed == parts[0] + [0x2E] + parts[1], "what is signed is not what was sent")
        try hold(base64URL(token.payload) == parts[1], "the payload has another text, too")
        try hold(base64URL(token.signature) == parts[2], "the signature has another text, too")
        claims(token.payload)
    }

    private static func claims(_ bytes: [UInt8]) {
        guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(bytes)) else { return }
        for name in ["exp", "nbf", "iat"] { _ = claims.date(name) }
        for name in ["sub", "aud"] { _ = (claims.text(name), claims.texts(name), claims.has(name)) }
    }

    private static func base64URL(_ bytes: [UInt8]) -> [UInt8] {
        Data(bytes).base64EncodedString().utf8.compactMap {
            switch $0 {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: $0
            }
        }
    }

    private static let jwtSamples: [[UInt8]] = {
        let header = Array(#"{"alg":"RS256","kid":"a","typ":"JWT"}"#.utf8)
        let claims = Array(#"{"iss":"https://i","sub":"ann","aud":["kms"],"exp":1.9e9,"nbf":0,"groups":["a"]}"#.utf8)
        let keys = #"{"keys":[{"kty":"RSA","kid":"a","use":"sig","alg":"RS256","n":"AQAB","e":"AQAB"}]}"#
        let token = base64URL(header) + [0x2E] + base64URL(claims) + [0x2E] + base64URL(Array("signature".utf8))
        return [token, claims, Array(keys.utf8)]
    }()

    /// Bearer tokens, and the ids in paths and records.
    private static let bearer = FuzzTarget("identifier", maxLength: 512, samples: { identifierSamples }) {
        (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        _ = BearerToken(presented: text)
        if let id = KeyID(text) { try hold(KeyID(id.description) == id, "a key's id") }
        if let number = VersionNumber(text) { try hold("\(number)" == text, "a version has two texts") }
        if let network = try? Network(text) { try hold((try? Network(network.description)) == network, "a network") }
        if let party = AccessStatement.Party(text: text) {
            try hold(AccessStatement.Party(text: party.text) == party, "a party")
        }
        if let statement = AccessStatement(text: text) { try hold(statement.text == text, "a statement has two texts") }
        if let time = Timestamp(basic: bytes) { try hold(time.basicText == text, "a time has two texts") }
        _ = Timestamp(day: text)
        _ = (try? KeyName(text), try? SubjectID(text), try? GroupID(text), try? ProjectID(text))
        _ = (CredentialID(text), ApprovalID(text), AccessKeyID(text), ImportJobID(text))
    }

    private static let identifierSamples = [
        "kms_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "0123456789abcdef0123456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef", "7", "10.0.0.0/8", "2001:db8::/32", "subject:ann",
        "allow 2 * group:a decrypt encrypt", "20150830T123600Z", "2026-11-30", "AKIAABCDEFGHIJKLMNOP",
    ].map { Array($0.utf8) }
}
