import JSONText
import KeyManagement
import NIOCore
import SecretMemory

extension Operation {
    static let encrypt = Operation(
        .encrypt, .key, .must("Plaintext", .blob(1...4096)), .context, .tokens,
        .may("EncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)), .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.encrypt()
    }

    static let decrypt = Operation(
        .decrypt, .must("CiphertextBlob", .blob(1...6144)), .context, .tokens, .mayKey,
        .may("EncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)), .recipient, .dryRun, .dryRunModifiers
    ) { (call) throws(AWSFailure) in
        try await call.decrypt()
    }

    static let reEncrypt = Operation(
        .reEncrypt, .must("CiphertextBlob", .blob(1...6144)), .may("SourceEncryptionContext", .pairs),
        .may("SourceKeyId", .text(1...2048, nil)), .must("DestinationKeyId", .text(1...2048, nil)),
        .may("DestinationEncryptionContext", .pairs),
        .may("SourceEncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)),
        .may("DestinationEncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)), .tokens, .dryRun, .dryRunModifiers
    ) { (call) throws(AWSFailure) in
        try await call.reEncrypt()
    }
}

/// Encrypt, Decrypt, ReEncrypt.
///
/// The ciphertext of a symmetric key is that of the native API. The ciphertext of an RSA key is bare, as any library makes it with the
/// public key.
extension AWSCall {
    func encrypt() async throws(AWSFailure) -> ByteBuffer {
        var named = try key()
        let algorithm = try EncryptionAlgorithm(input.optionalText("EncryptionAlgorithm"))
        let context = try input.context()
        let plaintext = try input.secret("Plaintext")
        // The checked key is also the one that encrypts, even if the alias is moved meanwhile.
        if let padding = algorithm.padding { named = try await check(padding, plaintext, context, of: named) }
        let reference = named
        let ciphertext = try await ask(about: reference) { () throws(KMSError) in
            try await service.encrypt(
                plaintext, under: reference, context: context, padding: algorithm.padding, by: caller)
        }
        if ciphertext.isRSA, algorithm == .symmetric {
            throw await incompatible(algorithm.rawValue, with: .id(ciphertext.version.key))
        }
        try endDryRun()
        return answer(capacity: 640 + ciphertext.awsBytes.count * 4 / 3) {
            $0.field("CiphertextBlob", base64: ciphertext.awsBytes)
            $0.field("KeyId", place.arn(ciphertext.version.key))
            $0.field("EncryptionAlgorithm", algorithm.rawValue)
        }
    }

    func decrypt() async throws(AWSFailure) -> ByteBuffer {
        try refuse("Recipient")
        let algorithm = try EncryptionAlgorithm(input.optionalText("EncryptionAlgorithm"))
        let context = try input.context()
        let blob = input.bytes("CiphertextBlob")
        let decrypted = try await open(
            blob, under: try optionalKey("KeyId"), algorithm, context)
        try endDryRun()
        return answer(capacity: 384 + decrypted.plaintext.count * 4 / 3) {
            $0.field("KeyId", place.arn(decrypted.version.key))
            $0.field("Plaintext", base64: decrypted.plaintext)
            $0.field("EncryptionAlgorithm", algorithm.rawValue)
            if algorithm == .symmetric { $0.field("KeyMaterialId", decrypted.version.awsMaterialID) }
        }
    }

    private func open(
        _ blob: [UInt8], under reference: KeyReference?, _ algorithm: EncryptionAlgorithm, _ context: EncryptionContext
    ) async throws(AWSFailure) -> Decrypted {
        let ciphertext = Ciphertext(bytes: blob)
        // The native form names key and version; any other RSA ciphertext is bare.
        if let padding = algorithm.padding, ciphertext?.isRSA != true {
            return try await open(bare: BareCiphertext(bytes: blob, padding: padding), under: reference)
        }
        guard let ciphertext, ciphertext.isRSA == (algorithm != .symmetric) else {
            if let reference { _ = try await identity(of: reference) }
            throw .invalidCiphertext
        }
        if let reference { try await require(reference, of: ciphertext) }
        return try await ask(about: .id(ciphertext.version.key)) { () throws(KMSError) in
            try await service.decrypt(ciphertext, context: context, by: caller)
        }
    }

    /// Checks the key of a ciphertext.
    ///
    /// - Throws: `IncorrectKeyException` if a ciphertext names another key than the request.
    private func require(_ reference: KeyReference, of ciphertext: Ciphertext) async throws(AWSFailure) {
        if case .id(let id) = reference, id == ciphertext.version.key { return }
        guard try await identity(of: reference) == ciphertext.version.key else { throw .incorrectKey }
    }

    private func open(bare: BareCiphertext, under reference: KeyReference?) async throws(AWSFailure) -> Decrypted {
        guard let reference else {
            throw .validation("KeyId must not be null")
        }
        guard try input.context().isEmpty else { throw Self.contextWithRSA }
        return try await ask(about: reference) { () throws(KMSError) in
            try await service.decrypt(bare, under: reference, by: caller)
        }
    }

    /// Returns the id behind a reference.
    private func identity(of reference: KeyReference) async throws(AWSFailure) -> KeyID {
        try await described(reference).id
    }

    private static let contextWithRSA = AWSFailure.validation(
        "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.")

    /// Checks that an RSA key can encrypt the plaintext, and fails as AWS KMS does if it cannot. If the caller may not look at the key, the
    /// service decides, with its own error.
    ///
    /// - Returns: the id of the key that was checked; the reference if the caller may not look at it.
    private func check(
        _ padding: AsymmetricEncryption, _ plaintext: SecretBytes, _ context: EncryptionContext,
        of reference: KeyReference
    ) async throws(AWSFailure) -> KeyReference {
        guard let key = try? await look(at: reference) else { return reference }
        guard key.usage == .encryptDecrypt, key.awsState == "Enabled" else { return .id(key.id) }
        guard case .rsa(let bits) = key.algorithm.family else {
            throw await incompatible(padding.rawValue, with: .id(key.id))
        }
        guard context.isEmpty else { throw Self.contextWithRSA }
        let maxLength = padding.maxPlaintextLength(modulusBits: bits)
        guard plaintext.count <= maxLength else {
            throw .validation(
                "Algorithm \(padding.rawValue) and key spec \(key.algorithm.awsKeySpec) cannot encrypt data larger "
                    + "than \(maxLength) bytes.")
        }
        return .id(key.id)
    }

    /// Returns the failure for an algorithm that does not fit a key.
    func incompatible(_ algorithm: String, with reference: KeyReference) async -> AWSFailure {
        let spec = (try? await look(at: reference))?.algorithm.awsKeySpec
        return AWSFailure(
            "InvalidKeyUsageException",
            "Algorithm \(algorithm) is incompatible with key spec \(spec ?? "of the key").")
    }

    func reEncrypt() async throws(AWSFailure) -> ByteBuffer {
        let source = try EncryptionAlgorithm(input.optionalText("SourceEncryptionAlgorithm"))
        let destination = try EncryptionAlgorithm(input.optionalText("DestinationEncryptionAlgorithm"))
        let reference = try key("DestinationKeyId")
        let sourceReference = try optionalKey("SourceKeyId")
        let ciphertext = try await sourceCiphertext(source, sourceReference)
        let item = ReEncryptItem(
            ciphertext: ciphertext, sourceContext: try input.context("SourceEncryptionContext"),
            context: try input.context("DestinationEncryptionContext"))
        let result = try await ask(about: .id(ciphertext.version.key)) { () throws(KMSError) in
            try await service.reEncrypt(item, under: reference, padding: destination.padding, by: caller)
        }
        if result.ciphertext.isRSA, destination == .symmetric {
            throw await incompatible(destination.rawValue, with: .id(result.ciphertext.version.key))
        }
        try endDryRun()
        return answer(capacity: 768 + result.ciphertext.awsBytes.count * 4 / 3) {
            $0.field("CiphertextBlob", base64: result.ciphertext.awsBytes)
            $0.field("SourceKeyId", place.arn(result.source.key))
            $0.field("KeyId", place.arn(result.ciphertext.version.key))
            $0.field("SourceEncryptionAlgorithm", source.rawValue)
            $0.field("DestinationEncryptionAlgorithm", destination.rawValue)
            if source == .symmetric { $0.field("SourceKeyMaterialId", result.source.awsMaterialID) }
            if destination == .symmetric {
                $0.field("DestinationKeyMaterialId", result.ciphertext.version.awsMaterialID)
            }
        }
    }

    private func sourceCiphertext(
        _ algorithm: EncryptionAlgorithm, _ reference: KeyReference?
    ) async throws(AWSFailure) -> Ciphertext {
        let blob = input.bytes("CiphertextBlob")
        if let ciphertext = Ciphertext(bytes: blob), ciphertext.isRSA == (algorithm != .symmetric) {
            if let reference { try await require(reference, of: ciphertext) }
            return ciphertext
        }
        guard let padding = algorithm.padding else { throw .invalidCiphertext }
        guard let reference else {
            throw .validation("SourceKeyId must not be null")
        }
        let key = try await described(reference)
        guard let active = key.versions.active else { throw .invalidCiphertext }
        return Ciphertext(version: VersionID(key: key.id, number: active), body: .rsa(padding, blob))
    }
}

/// The encryption algorithms, by their names in AWS KMS.
enum EncryptionAlgorithm: String {
    case symmetric = "SYMMETRIC_DEFAULT"
    case oaepSHA1 = "RSAES_OAEP_SHA_1"
    case oaepSHA256 = "RSAES_OAEP_SHA_256"

    /// Reads the name of an algorithm.
    ///
    /// - Parameter name: nil for the symmetric algorithm.
    init(_ name: String?) throws(AWSFailure) {
        guard let algorithm = Self(rawValue: name ?? Self.symmetric.rawValue) else {
            throw .unsupported("\(name ?? "") is not supported by this service.")
        }
        self = algorithm
    }

    /// The padding of RSA; nil for the symmetric algorithm.
    var padding: AsymmetricEncryption? {
        switch self {
        case .symmetric: nil
        case .oaepSHA1: .oaepSHA1
        case .oaepSHA256: .oaepSHA256
        }
    }
}

extension Ciphertext {
    var isRSA: Bool { if case .rsa = body { true } else { false } }

    /// The bytes as clients of AWS KMS receive them: for RSA, only the output of the RSA operation.
    var awsBytes: [UInt8] {
        switch body {
        case .aes: bytes
        case .rsa(_, let bare): bare
        }
    }
}
