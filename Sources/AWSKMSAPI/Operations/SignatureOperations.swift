import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let sign = Operation(
        .sign, .key, .message, .messageType, .tokens, .must("SigningAlgorithm", .one(AWSNames.signingAlgorithms)),
        .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.sign()
    }

    static let verify = Operation(
        .verify, .key, .message, .messageType, .must("Signature", .blob(1...6144)),
        .must("SigningAlgorithm", .one(AWSNames.signingAlgorithms)), .tokens, .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.verify()
    }

    static let generateMac = Operation(
        .generateMac, .message, .key, .must("MacAlgorithm", .one(AWSNames.macAlgorithms)), .tokens, .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.generateMAC()
    }

    static let verifyMac = Operation(
        .verifyMac, .message, .key, .must("MacAlgorithm", .one(AWSNames.macAlgorithms)), .must("Mac", .blob(1...6144)),
        .tokens,
        .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.verifyMAC()
    }

    static let deriveSharedSecret = Operation(
        .deriveSharedSecret, .key, .must("KeyAgreementAlgorithm", .one(["ECDH"])), .must("PublicKey", .blob(1...8192)),
        .tokens, .dryRun,
        .recipient
    ) { (call) throws(AWSFailure) in
        try await call.deriveSharedSecret()
    }

    static let getPublicKey = Operation(.getPublicKey, .key, .tokens) { (call) throws(AWSFailure) in
        try await call.getPublicKey()
    }
}

/// Sign, Verify, GenerateMac, VerifyMac, DeriveSharedSecret, GetPublicKey.
///
/// A key of AWS KMS may have several versions here, which a signature does not name. A signature is valid if any of the checked versions
/// made it.
extension AWSCall {
    func sign() async throws(AWSFailure) -> ByteBuffer {
        let reference = try key()
        let (name, algorithm) = try signatureAlgorithm()
        let message = try signingInput(name)
        let signed = try await asked(name, of: reference) { () throws(KMSError) in
            try await service.sign(message, with: reference, algorithm: algorithm, by: caller)
        }
        try endDryRun()
        return answer(capacity: 1024) {
            $0.field("KeyId", place.arn(signed.version.key))
            $0.field("Signature", base64: signed.signature)
            $0.field("SigningAlgorithm", name)
        }
    }

    func verify() async throws(AWSFailure) -> ByteBuffer {
        let reference = try key()
        let (name, algorithm) = try signatureAlgorithm()
        let item = VerifyItem(input: try signingInput(name), signature: input.bytes("Signature"))
        let verified = try await asked(name, of: reference) { () throws(KMSError) in
            try await service.verify(item, with: reference, algorithm: algorithm, by: caller)
        }
        let key = verified.version.key
        var isValid = verified.isValid
        for number in olderVersions(than: verified) where !isValid {
            guard
                let other = try? await service.verify(
                    item, with: .id(key), version: number, algorithm: algorithm, by: caller)
            else { continue }
            isValid = other.isValid
        }
        guard isValid else { throw AWSFailure("KMSInvalidSignatureException") }
        try endDryRun()
        return answer {
            $0.field("KeyId", place.arn(key))
            $0.field("SignatureValid", true)
            $0.field("SigningAlgorithm", name)
        }
    }

    /// Returns the older versions that may have made a signature or a MAC: at most 16, so that a wrong one cannot keep the token busy.
    private func olderVersions(than verified: Verified) -> [VersionNumber] {
        guard !verified.isValid else { return [] }
        let active = verified.version.number.value
        return (1..<17).compactMap { back in active > back ? VersionNumber(active - back) : nil }
    }

    private func signatureAlgorithm() throws(AWSFailure) -> (name: String, algorithm: SignatureAlgorithm) {
        let name = input.text("SigningAlgorithm")
        if name == "ED25519_SHA_512" { return (name, .ed25519) }
        guard let algorithm = SignatureAlgorithm(rawValue: name) else {
            throw .unsupported("\(name) is not supported by this service.")
        }
        return (name, algorithm)
    }

    private func signingInput(_ name: String) throws(AWSFailure) -> SigningInput {
        let message = input.bytes("Message")
        switch input.optionalText("MessageType") ?? "RAW" {
        case "RAW": return .message(message)
        case "DIGEST": return .digest(message)
        default: throw .validation("MessageType EXTERNAL_MU is for ML-DSA keys only.")
        }
    }

    /// Calls the service to sign or verify. An algorithm or digest that does not fit is reported as AWS KMS reports it.
    private func asked<Result>(
        _ algorithm: String, of reference: KeyReference, _ body: () async throws(KMSError) -> Result
    ) async throws(AWSFailure) -> Result {
        do throws(KMSError) {
            return try await body()
        } catch {
            switch error {
            case .usageForbids:
                if let key = try? await look(at: reference), key.usage == .signVerify {
                    throw await incompatible(algorithm, with: .id(key.id))
                }
            case .invalidRequest where input.optionalText("MessageType") == "DIGEST":
                let key = try? await look(at: reference)
                let allowed = key.map { $0.algorithm.awsSigningAlgorithms(for: $0.usage) } ?? []
                guard allowed.isEmpty || allowed.contains(algorithm) else {
                    throw await incompatible(algorithm, with: key.map { .id($0.id) } ?? reference)
                }
                throw .validation("Digest is invalid length for algorithm \(algorithm).")
            default: break
            }
            throw await failure(error, about: reference)
        }
    }

    func generateMAC() async throws(AWSFailure) -> ByteBuffer {
        let reference = try key()
        let algorithm = input.text("MacAlgorithm")
        let message = input.bytes("Message")
        let mac = try await ask(about: reference) { () throws(KMSError) in
            try await service.generateMAC(of: message, with: reference, by: caller)
        }
        try await require(algorithm, ofMACKey: mac.version.key)
        try endDryRun()
        return answer {
            $0.field("Mac", base64: mac.code)
            $0.field("MacAlgorithm", algorithm)
            $0.field("KeyId", place.arn(mac.version.key))
        }
    }

    func verifyMAC() async throws(AWSFailure) -> ByteBuffer {
        let reference = try key()
        let algorithm = input.text("MacAlgorithm")
        let item = VerifyMACItem(message: input.bytes("Message"), code: input.bytes("Mac"))
        let verified = try await ask(about: reference) { () throws(KMSError) in
            try await service.verifyMAC(item, with: reference, by: caller)
        }
        let key = verified.version.key
        try await require(algorithm, ofMACKey: key)
        var isValid = verified.isValid
        for number in olderVersions(than: verified) where !isValid {
            guard let other = try? await service.verifyMAC(item, with: .id(key), version: number, by: caller) else {
                continue
            }
            isValid = other.isValid
        }
        guard isValid else { throw AWSFailure("KMSInvalidMacException") }
        try endDryRun()
        return answer {
            $0.field("KeyId", place.arn(key))
            $0.field("MacValid", true)
            $0.field("MacAlgorithm", algorithm)
        }
    }

    /// Checks that a MAC key has this algorithm. The key is already known to make MACs, and has only one algorithm.
    private func require(_ algorithm: String, ofMACKey id: KeyID) async throws(AWSFailure) {
        guard let key = try? await look(at: .id(id)) else { return }
        if key.algorithm.awsMACAlgorithm != algorithm { throw await incompatible(algorithm, with: .id(id)) }
    }

    func deriveSharedSecret() async throws(AWSFailure) -> ByteBuffer {
        let reference = try key()
        let publicKey = input.bytes("PublicKey")
        let shared: AgreedSecret
        do throws(KMSError) {
            shared = try await service.deriveSharedSecret(with: publicKey, of: reference, by: caller)
        } catch {
            throw await failure(error, about: reference)
        }
        try endDryRun()
        return answer {
            $0.field("KeyId", place.arn(shared.version.key))
            $0.field("SharedSecret", base64: shared.secret)
            $0.field("KeyAgreementAlgorithm", "ECDH")
            $0.field("KeyOrigin", shared.origin == .imported ? "EXTERNAL" : "AWS_KMS")
        }
    }

    func getPublicKey() async throws(AWSFailure) -> ByteBuffer {
        var named = try key()
        if let key = try? await look(at: named) {
            named = .id(key.id)
            if key.availability == .pendingDeletion { throw .invalidState("\(place.arn(key.id)) is pending deletion.") }
            guard key.algorithm.isAsymmetric else { throw .unsupported() }
        }
        let reference = named
        let key = try await ask(about: reference) { () throws(KMSError) in
            try await service.publicKey(of: reference, by: caller)
        }
        return answer(capacity: 1536) {
            $0.field("KeyId", place.arn(key.version.key))
            $0.field("PublicKey", base64: key.der)
            $0.field("CustomerMasterKeySpec", key.algorithm.awsKeySpec)
            $0.field("KeySpec", key.algorithm.awsKeySpec)
            $0.field("KeyUsage", key.usage.awsName)
            $0.algorithms(of: key.algorithm, for: key.usage)
        }
    }
}
