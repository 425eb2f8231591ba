import Crypto
import Foundation
import KeyManagement

@testable import HTTPServing
@testable import KMSAPI
@testable import LibCrypto
@testable import SecretMemory

extension FuzzTarget {
    static let cryptoTargets = [der, pem, privateKey, certificate, ciphertext, share]

    /// A public key as DER, and a signature as DER.
    private static let der = FuzzTarget("der", maxLength: 1024, samples: { derSamples }) {
        (bytes) throws(BrokenProperty) in
        if let key = try? PublicKey(der: bytes) {
            try hold(key.der == bytes, "a public key has two encodings")
            let fromPEM = try? PublicKey(pem: key.pem)
            try hold(fromPEM?.der == bytes, "a public key changes on its way through PEM")
            if let point = key.point, case .ec(let curve) = key.kind {
                let fromPoint = try? PublicKey(curve: curve, point: point)
                try hold(fromPoint?.der == bytes, "a point is another key")
            }
            _ = key.jwk
        }
        for length in [32, 48, 66] {
            guard let raw = ECDSASignature.raw(fromDER: bytes, coordinateByteCount: length) else { continue }
            try hold(raw.count == 2 * length, "a raw signature of \(raw.count) bytes")
            try hold(ECDSASignature.der(fromRaw: raw) == bytes, "a signature has two encodings")
        }
    }

    private static let derSamples = [
        Array(P256.Signing.PrivateKey().publicKey.derRepresentation),
        Array(P384.Signing.PrivateKey().publicKey.derRepresentation),
        Array(P521.Signing.PrivateKey().publicKey.derRepresentation),
        ECDSASignature.der(fromRaw: [UInt8](repeating: 0x81, count: 64)) ?? [],
        ECDSASignature.der(fromRaw: [0] + [UInt8](repeating: 1, count: 131)) ?? [],
    ]

    private static let pem = FuzzTarget("pem", maxLength: 2048, samples: { [pemSample] }) {
        (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self), let key = try? PublicKey(pem: text) else { return }
        let again = try? PublicKey(pem: key.pem)
        try hold(again?.der == key.der, "PEM is read as another key")
    }

    private static let pemSample = Array(P256.Signing.PrivateKey().publicKey.pemRepresentation.utf8)

    /// A file with a private key: PEM or DER.
    private static let privateKey = FuzzTarget("private-key", maxLength: 2048, samples: { privateKeySamples }) {
        (bytes) throws(BrokenProperty) in
        guard let file = readPrivateKey(bytes) else { return }
        let der = written(file.key)
        try hold(!der.isEmpty, "a private key that was read is not written")
        let again = readPrivateKey(der)
        try hold(again?.key.publicKey.der == file.key.publicKey.der, "a private key is read as another one")
        try hold(again.map { written($0.key) } == der, "a private key changes when it is written")
    }

    private static func readPrivateKey(_ bytes: [UInt8]) -> PrivateKeyFile? {
        bytes.withUnsafeBytes { try? PrivateKeyFile($0) }
    }

    private static func written(_ key: PrivateKey) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = bytes.withUnsafeMutableBytes { (try? key.writePKCS8(into: $0)) ?? 0 }
        return Array(bytes.prefix(count))
    }

    private static let privateKeySamples = [
        Array(P256.Signing.PrivateKey().derRepresentation), Array(P521.Signing.PrivateKey().derRepresentation),
        Array(P384.Signing.PrivateKey().pemRepresentation.utf8),
    ]

    /// The fields that are read from a client certificate. Its chain was verified before, so only its issuer can choose them.
    private static let certificate = FuzzTarget("certificate", maxLength: 2048) { (bytes) throws(BrokenProperty) in
        guard let certificate = try? ClientCertificate(der: bytes) else { return }
        for source in TLSSettings.SubjectSource.allCases {
            guard let identity = certificate.identity(by: source, prefix: "cert:") else { continue }
            try hold(identity.subject.text.hasPrefix("cert:"), "a subject without the prefix")
        }
    }

    private static let ciphertext = FuzzTarget("ciphertext", samples: { ciphertextSamples }) {
        (bytes) throws(BrokenProperty) in
        if let read = Ciphertext(bytes: bytes) {
            try hold(read.bytes == bytes, "a ciphertext has two binary forms")
            try hold(
                Ciphertext(text: read.text) == read && Ciphertext(text: read.base64) == read, "its text is another")
        }
        if let text = String(validating: bytes, as: UTF8.self), let read = Ciphertext(text: text) {
            try hold([read.text, read.base64].contains { $0.utf8.elementsEqual(bytes) }, "a ciphertext has two texts")
        }
        if let context = EncryptionContext(encoded: bytes) {
            var again: [UInt8] = []
            context.encode(into: &again)
            try hold(again == bytes, "a context has two encodings")
        }
        if let ledger = VersionLedger(encoded: bytes) {
            try hold(ledger.encoded == bytes, "a ledger has two encodings")
        }
    }

    private static let ciphertextSamples: [[UInt8]] = {
        let header = [UInt8](repeating: 7, count: 16) + [0, 0, 0, 1]
        let aes = [1] + header + [UInt8](repeating: 9, count: 12 + 16 + 32)
        let rsa = [2] + header + [2] + [UInt8](repeating: 9, count: 256)
        let texts = [aes, rsa].compactMap { Ciphertext(bytes: $0) }.flatMap { [$0.text, $0.base64] }
        var context: [UInt8] = []
        (try? EncryptionContext(["a": "1", "b": "é"]))?.encode(into: &context)
        let run: [UInt8] = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]
        return [aes, rsa, context, run] + texts.map { Array($0.utf8) }
    }()

    /// A share of a split secret, as its holder types it.
    private static let share = FuzzTarget(
        "share", maxLength: 512, samples: { [Array(Share(required: 2, index: 1, value: [1, 2, 3]).text.utf8)] }
    ) { (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self), let share = try? Share(text: text) else { return }
        let again = try? Share(text: share.text)
        try hold(again?.text == share.text, "a share is read as another one")
    }
}
