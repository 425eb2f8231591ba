import Encodings
import KeyManagement
import LibCrypto
import SecretMemory

/// Key material in plaintext from a file, in the form in which the service imports it.
struct KeyMaterialFile {
    /// The bytes of a symmetric key, or a private key as PKCS #8 in DER.
    let material: SecretBytes
    /// The public half of a private key.
    let publicKey: PublicKey?
    /// The DER of the public half of a key on a curve, which is imported together with the private half.
    var curveKey: [UInt8]? {
        guard let publicKey, publicKey.point != nil else { return nil }
        return publicKey.der
    }

    /// The content of the file in words, such as `EC private key, P-256, PEM (SEC1)`.
    let content: String

    /// The maximum length of a file, in bytes. A 4,096-bit RSA key in PEM has 3,272.
    private static let limit = 16384

    /// Reads a file. The algorithm of the key decides what is looked for.
    ///
    /// A symmetric key has one length, so that no file has two meanings: a file of that length is the key itself, whatever its
    /// bytes are; any other is read as hexadecimal digits, then as base64.
    init(_ path: String, for algorithm: KeyAlgorithm) throws(Failure) {
        let source = try InputSource(path: path)
        let file = try SecretBytes(capacity: Self.limit + 1) { (buffer) throws(Failure) in
            let count = try source.read(into: buffer)
            guard count <= Self.limit else { throw Failure(.input, "\(path) is too long to be a key") }
            return count
        }
        switch algorithm.family {
        case .aes: self = try Self.secret(32, "AES key", in: file, path, algorithm)
        case .hmac(let hash): self = try Self.secret(hash.byteCount, "HMAC key", in: file, path, algorithm)
        case .rsa, .ec, .ed25519: self = try Self.privateKey(in: file, path, algorithm)
        }
    }

    private init(_ material: SecretBytes, _ publicKey: PublicKey? = nil, _ content: String) {
        self.material = material
        self.publicKey = publicKey
        self.content = content
    }

    // MARK: Symmetric keys

    private static func secret(
        _ length: Int, _ name: String, in file: SecretBytes, _ path: String, _ algorithm: KeyAlgorithm
    ) throws(Failure) -> KeyMaterialFile {
        let size = "\(name), \(length * 8) bits"
        if file.count == length { return KeyMaterialFile(file, nil, "\(size), raw bytes") }
        if let key = hexadecimal(file, length) { return KeyMaterialFile(key, nil, "\(size), hexadecimal") }
        if let key = base64(file, length) { return KeyMaterialFile(key, nil, "\(size), base64") }
        throw Failure(
            .input,
            "\(path) has \(file.count) bytes and is no key for \(algorithm.rawValue): that is \(length) raw bytes, "
                + "\(2 * length) hexadecimal digits, or \(Base64Codec.length(ofEncoded: length)) characters of base64")
    }

    /// Returns the content without white space.
    private static func compact(_ file: SecretBytes) -> SecretBytes {
        SecretBytes(capacity: file.count) { output in
            file.withUnsafeBytes { bytes in
                var count = 0
                for byte in bytes where !(byte == 0x20 || (0x09...0x0D).contains(byte)) {
                    output[count] = byte
                    count += 1
                }
                return count
            }
        }
    }

    /// Reads digits in either case, with white space, and `0x` in front of them.
    private static func hexadecimal(_ file: SecretBytes, _ length: Int) -> SecretBytes? {
        let digits = compact(file)
        var isValid = true
        let key = SecretBytes(capacity: length) { output in
            digits.withUnsafeBytes { digits in
                let hasPrefix =
                    digits.count > 2 && digits[0] == UInt8(ascii: "0") && digits[1] | 0x20 == UInt8(ascii: "x")
                let start = hasPrefix ? 2 : 0
                guard digits.count - start == 2 * length else {
                    isValid = false
                    return 0
                }
                for place in 0..<length {
                    guard let high = value(digits[start + 2 * place]), let low = value(digits[start + 2 * place + 1])
                    else {
                        isValid = false
                        return 0
                    }
                    output[place] = high << 4 | low
                }
                return length
            }
        }
        return isValid ? key : nil
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        Hexadecimal.value(of: (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(digit) ? digit | 0x20 : digit)
    }

    private static func base64(_ file: SecretBytes, _ length: Int) -> SecretBytes? {
        let text = compact(file)
        guard text.count == Base64Codec.length(ofEncoded: length) else { return nil }
        let key = SecretBytes(capacity: text.count) { output in
            text.withUnsafeBytes { Base64Codec.decode($0, into: output) ?? 0 }
        }
        return key.count == length ? key : nil
    }

    // MARK: Private keys

    private static func privateKey(
        in file: SecretBytes, _ path: String, _ algorithm: KeyAlgorithm
    ) throws(Failure) -> KeyMaterialFile {
        let found: PrivateKeyFile
        switch file.withUnsafeBytes({ bytes in
            Result { () throws(PrivateKeyFile.Failure) in try PrivateKeyFile(bytes) }
        }) {
        case .success(let file): found = file
        case .failure(let error): throw Failure(error, path)
        }
        let publicKey = found.key.publicKey
        guard publicKey.kind.fits(algorithm) else {
            throw Failure(
                .input, "\(path) has an \(publicKey.kind.name); the key to import it into is \(algorithm.rawValue)")
        }
        do throws(LibCryptoError) {
            let material = try SecretBytes(capacity: limit) { (output) throws(LibCryptoError) in
                try found.key.writePKCS8(into: output)
            }
            let form = "\(found.isPEM ? "PEM" : "DER") (\(found.encoding.rawValue))"
            return KeyMaterialFile(material, publicKey, "\(publicKey.kind.name), \(form)")
        } catch {
            throw Failure(.other, "\(path) cannot be written as PKCS #8: \(error)")
        }
    }
}

extension Failure {
    fileprivate init(_ error: PrivateKeyFile.Failure, _ path: String) {
        switch error {
        case .encrypted(let isPEM):
            let form = isPEM ? "" : "-inform DER "
            self.init(
                .input,
                "\(path) is encrypted under a password; decrypt it first: openssl pkey \(form)-in \(path) -out \(path).plain"
            )
        case .openSSH:
            self.init(
                .input,
                "\(path) is in the format of OpenSSH; convert a copy of it first: ssh-keygen -p -N '' -m PKCS8 -f COPY")
        case .malformed(let what): self.init(.input, "\(path) has no private key to import: \(what)")
        }
    }
}

extension PublicKey.Kind {
    fileprivate var name: String {
        switch self {
        case .rsa(let bits): "RSA private key, \(bits) bits"
        case .ec(.p256): "EC private key, P-256"
        case .ec(.p384): "EC private key, P-384"
        case .ec(.p521): "EC private key, P-521"
        case .ec(.secp256k1): "EC private key, secp256k1"
        case .ed25519: "Ed25519 private key"
        }
    }

    /// Returns true if a key of the algorithm takes such material.
    fileprivate func fits(_ algorithm: KeyAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.rsa(2048), .rsa2048), (.rsa(3072), .rsa3072), (.rsa(4096), .rsa4096), (.ec(.p256), .ecP256),
            (.ec(.p384), .ecP384), (.ec(.p521), .ecP521), (.ec(.secp256k1), .ecSecp256k1), (.ed25519, .ed25519):
            true
        default: false
        }
    }
}
