import FoundationEssentials
import KeyManagement
import LibCrypto

/// A public key in a file, for use without service and token.
struct OfflineKey {
    let key: PublicKey

    /// Reads a public key.
    ///
    /// - Parameter file: PEM, or DER.
    init(file: String) throws(Failure) {
        let data = try InputFile.read(file, atMost: 65536, "public key")
        do throws(LibCryptoError) {
            // DER is not text.
            if let text = String(validating: data, as: UTF8.self), text.contains("-----BEGIN") {
                key = try PublicKey(pem: text)
            } else {
                key = try PublicKey(der: data)
            }
        } catch {
            throw Failure(.input, "\(file) has no public key that is known here: \(error)")
        }
    }

    /// The algorithms that such a key signs with; the first is the default.
    private var algorithms: [SignatureAlgorithm] {
        switch key.kind {
        case .rsa: SignatureAlgorithm.allowed(for: .rsa2048)
        case .ec(.p256): SignatureAlgorithm.allowed(for: .ecP256)
        case .ec(.secp256k1): SignatureAlgorithm.allowed(for: .ecSecp256k1)
        case .ec(.p384): SignatureAlgorithm.allowed(for: .ecP384)
        case .ec(.p521): SignatureAlgorithm.allowed(for: .ecP521)
        case .ed25519: SignatureAlgorithm.allowed(for: .ed25519)
        }
    }

    /// Returns the algorithm of that name, or the first of the key.
    ///
    /// - Throws: a ``Failure`` for one that the key does not have.
    func algorithm(named name: String?) throws(Failure) -> SignatureAlgorithm {
        guard let algorithm = name.map({ SignatureAlgorithm(rawValue: $0) }) ?? algorithms.first,
            algorithms.contains(algorithm)
        else {
            throw Failure(.input, "this key signs with \(algorithms.map(\.rawValue).joined(separator: ", "))")
        }
        return algorithm
    }

    func verify(
        _ signature: Data, over input: SignatureOptions.Read, algorithm: SignatureAlgorithm, form: String?
    ) throws(Failure) -> Bool {
        guard let form = SignatureForm(rawValue: form ?? "der") else {
            throw Failure(.input, "--form is der or raw")
        }
        var bytes = Array(signature)
        if form == .raw, case .ec(let curve) = key.kind {
            guard bytes.count == 2 * curve.coordinateByteCount, let der = ECDSASignature.der(fromRaw: bytes) else {
                return false
            }
            bytes = der
        }
        let octets = try octets(of: input, for: algorithm)
        return algorithm.hash == nil
            ? key.verify(bytes, ofMessage: octets, scheme: algorithm.libCrypto)
            : key.verify(bytes, over: octets, scheme: algorithm.libCrypto)
    }

    /// Returns the bytes that were signed.
    private func octets(
        of input: SignatureOptions.Read, for algorithm: SignatureAlgorithm
    ) throws(Failure) -> [UInt8] {
        do throws(KMSError) {
            switch input {
            case .digest(let bytes): return try SigningInput.digest(bytes).octets(for: algorithm)
            case .message(let message) where message.isShort:
                return try SigningInput.message(message.bytes).octets(for: algorithm)
            case .message: break
            }
        } catch {
            throw Failure(error)
        }
        guard case .message(let message) = input else { return [] }
        return try message.digest(for: algorithm)
    }

    /// Encrypts by OAEP. The service decrypts the result with 'kms decrypt --key … --padding …'.
    func encrypt(_ plaintext: Data, padding name: String?) throws(Failure) -> [UInt8] {
        let known = AsymmetricEncryption.allCases.map(\.rawValue).joined(separator: " or ")
        guard let padding = AsymmetricEncryption(rawValue: name ?? AsymmetricEncryption.oaepSHA256.rawValue) else {
            throw Failure(.input, "--padding is \(known)")
        }
        let bytes = Array(plaintext)
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(LibCryptoError) in try key.encryptOAEP(buffer, hash: padding.hash.libCrypto) }
        }
        switch result {
        case .success(let ciphertext): return ciphertext
        case .failure(let error): throw Failure(.input, "this key cannot encrypt that: \(error)")
        }
    }
}
