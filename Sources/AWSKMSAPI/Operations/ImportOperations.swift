import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let getParametersForImport = Operation(
        .getParametersForImport, .key, .must("WrappingAlgorithm", .one(AWSNames.wrappingAlgorithms)),
        .must("WrappingKeySpec", .one(AWSNames.wrappingKeySpecs))
    ) { (call) throws(AWSFailure) in
        try await call.getParametersForImport()
    }

    static let importKeyMaterial = Operation(
        .importKeyMaterial, .key, .must("ImportToken", .blob(1...6144)), .must("EncryptedKeyMaterial", .blob(1...6144)),
        .may("ValidTo", .time), .may("ExpirationModel", .one(AWSNames.expirationModels)),
        .may("ImportType", .one(AWSNames.importTypes)), .may("KeyMaterialDescription", .text(0...256, nil)),
        .may("KeyMaterialId", .text(64...64, .hexadecimal))
    ) { (call) throws(AWSFailure) in
        try await call.importKeyMaterial()
    }

    static let deleteImportedKeyMaterial = Operation(
        .deleteImportedKeyMaterial, .key, .may("KeyMaterialId", .text(64...64, .hexadecimal))
    ) { (call) throws(AWSFailure) in
        try await call.deleteImportedKeyMaterial()
    }
}

/// GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial.
extension AWSCall {
    func getParametersForImport() async throws(AWSFailure) -> ByteBuffer {
        let key = try await importable()
        let name = input.text("WrappingAlgorithm")
        guard let method = ImportMethod(rawValue: name) else {
            throw .unsupported("WrappingAlgorithm \(name) is not supported by this service.")
        }
        guard let wrapping = KeyAlgorithm(awsKeySpec: input.text("WrappingKeySpec")) else {
            throw .unsupported("WrappingKeySpec \(input.text("WrappingKeySpec")) is not supported by this service.")
        }
        if case .rsa = key.algorithm.family, !method.hasTwoSteps {
            throw .unsupported("RSA keys are imported by RSA_AES_KEY_WRAP_SHA_1 or RSA_AES_KEY_WRAP_SHA_256.")
        }
        let job = try await ask(about: .id(key.id)) { () throws(KMSError) in
            try await service.createImportJob(wrapping, method: method, by: caller)
        }
        return answer(capacity: 2048) {
            $0.field("KeyId", place.arn(key.id))
            $0.field("ImportToken", base64: ImportToken(job: job.id, key: key.id).bytes)
            $0.field("PublicKey", base64: job.publicKey.der)
            $0.field("ParametersValidTo", seconds: job.expiresAt)
        }
    }

    func importKeyMaterial() async throws(AWSFailure) -> ByteBuffer {
        let key = try await importable()
        guard let token = ImportToken(bytes: input.bytes("ImportToken")), token.key == key.id else {
            throw AWSFailure("InvalidImportTokenException", "The import token is not one of this key.")
        }
        let expiry = try materialExpiry()
        let latest = VersionNumber(key.versions.count)
        if latest != nil, input.optionalText("ImportType") == "NEW_KEY_MATERIAL" {
            throw .unsupported("A key of imported material has one material; NEW_KEY_MATERIAL is for its first import.")
        }
        let material = input.bytes("EncryptedKeyMaterial")
        let outcome = try await ask(about: .id(key.id)) { () throws(KMSError) in
            try await service.importMaterial(
                material, under: token.job, into: .id(key.id), version: latest, expiresAt: expiry, activating: true,
                by: caller)
        }
        let changed = try changed(outcome)
        return answer {
            $0.field("KeyId", place.arn(changed.id))
            if let active = changed.versions.active {
                $0.field("KeyMaterialId", VersionID(key: changed.id, number: active).awsMaterialID)
            }
        }
    }

    /// Returns the expiry of the material; nil if it does not expire.
    private func materialExpiry() throws(AWSFailure) -> Timestamp? {
        let expiry = input.optionalTime("ValidTo")
        if input.optionalText("ExpirationModel") == "KEY_MATERIAL_DOES_NOT_EXPIRE" {
            guard expiry == nil else {
                throw .validation("ValidTo must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE")
            }
            return nil
        }
        guard let expiry else {
            throw .validation("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES")
        }
        guard expiry > service.now else { throw .validation("The validTo date must be in the future") }
        guard expiry <= service.now.adding(days: 365) else {
            throw .validation("The validTo date must be within 365 days")
        }
        return expiry
    }

    func deleteImportedKeyMaterial() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        guard key.origin == .imported else {
            throw .unsupported("\(place.arn(key.id)) origin is AWS_KMS which is not valid for this operation.")
        }
        let latest = VersionNumber(key.versions.count)
        if !key.isPendingImport {
            _ = try await ask(about: reference) { () throws(KMSError) in
                try await service.deleteImportedMaterial(of: reference, by: caller)
            }
        }
        return answer {
            $0.field("KeyId", place.arn(key.id))
            if let latest { $0.field("KeyMaterialId", VersionID(key: key.id, number: latest).awsMaterialID) }
        }
    }

    private func importable() async throws(AWSFailure) -> KeyRecord {
        let key = try await described(try keyWithoutAlias())
        guard key.origin == .imported else {
            throw .unsupported("\(place.arn(key.id)) origin is AWS_KMS which is not valid for this operation.")
        }
        if key.availability == .pendingDeletion { throw .invalidState("\(place.arn(key.id)) is pending deletion.") }
        return key
    }
}

/// The import token, which binds an import job to a key: `0x01 | job (16 bytes) | key (16 bytes)`. Forging one gains nothing: the job must
/// belong to the caller's project, and the material must be wrapped for it.
struct ImportToken {
    let job: ImportJobID
    let key: KeyID

    init(job: ImportJobID, key: KeyID) {
        self.job = job
        self.key = key
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == 33, bytes[0] == 1, let job = ImportJobID(bytes: Array(bytes[1..<17])),
            let key = KeyID(bytes: bytes[17...])
        else { return nil }
        self.init(job: job, key: key)
    }

    var bytes: [UInt8] { [1] + job.bytes + key.bytes }
}
