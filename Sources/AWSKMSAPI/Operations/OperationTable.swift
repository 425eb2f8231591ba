import KeyManagement
import NIOCore

/// One operation: the shape of its request, and the function that performs it.
struct Operation: Sendable {
    let shape: InputShape
    let run: @Sendable (AWSCall) async throws(AWSFailure) -> ByteBuffer

    private init(_ shape: InputShape, _ run: @escaping @Sendable (AWSCall) async throws(AWSFailure) -> ByteBuffer) {
        self.shape = shape
        self.run = run
    }

    /// All operations of AWS KMS by name. Those of custom key stores and multi-Region keys are known, and refused.
    static let all: [String: Operation] = [
        "CreateKey": Operation(.createKey) { (call) throws(AWSFailure) in try await call.createKey() },
        "DescribeKey": Operation(.describeKey) { (call) throws(AWSFailure) in try await call.describeKey() },
        "ListKeys": Operation(.listKeys) { (call) throws(AWSFailure) in try await call.listKeys() },
        "EnableKey": Operation(.keyOnly) { (call) throws(AWSFailure) in try await call.setAvailability(.enabled) },
        "DisableKey": Operation(.keyOnly) { (call) throws(AWSFailure) in try await call.setAvailability(.disabled) },
        "ScheduleKeyDeletion": Operation(.scheduleKeyDeletion) { (call) throws(AWSFailure) in
            try await call.scheduleKeyDeletion()
        },
        "CancelKeyDeletion": Operation(.keyOnly) { (call) throws(AWSFailure) in try await call.cancelKeyDeletion() },
        "UpdateKeyDescription": Operation(.updateKeyDescription) { (call) throws(AWSFailure) in
            try await call.updateKeyDescription()
        },
        "CreateAlias": Operation(.alias) { (call) throws(AWSFailure) in try await call.setAlias(.absent) },
        "UpdateAlias": Operation(.alias) { (call) throws(AWSFailure) in try await call.setAlias(.present) },
        "DeleteAlias": Operation(.deleteAlias) { (call) throws(AWSFailure) in try await call.deleteAlias() },
        "ListAliases": Operation(.listAliases) { (call) throws(AWSFailure) in try await call.listAliases() },
        "TagResource": Operation(.tagResource) { (call) throws(AWSFailure) in try await call.tagResource() },
        "UntagResource": Operation(.untagResource) { (call) throws(AWSFailure) in try await call.untagResource() },
        "ListResourceTags": Operation(.keyAndPage) { (call) throws(AWSFailure) in try await call.listResourceTags() },
        "Encrypt": Operation(.encrypt) { (call) throws(AWSFailure) in try await call.encrypt() },
        "Decrypt": Operation(.decrypt) { (call) throws(AWSFailure) in try await call.decrypt() },
        "ReEncrypt": Operation(.reEncrypt) { (call) throws(AWSFailure) in try await call.reEncrypt() },
        "GenerateDataKey": Operation(.generateDataKey) { (call) throws(AWSFailure) in
            try await call.generateDataKey(includesPlaintext: true)
        },
        "GenerateDataKeyWithoutPlaintext": Operation(.generateDataKey) { (call) throws(AWSFailure) in
            try await call.generateDataKey(includesPlaintext: false)
        },
        "GenerateDataKeyPair": Operation(.generateDataKeyPair) { (call) throws(AWSFailure) in
            try await call.generateDataKeyPair(includesPlaintext: true)
        },
        "GenerateDataKeyPairWithoutPlaintext": Operation(.generateDataKeyPair) { (call) throws(AWSFailure) in
            try await call.generateDataKeyPair(includesPlaintext: false)
        },
        "GenerateRandom": Operation(.generateRandom) { (call) throws(AWSFailure) in try await call.generateRandom() },
        "Sign": Operation(.sign) { (call) throws(AWSFailure) in try await call.sign() },
        "Verify": Operation(.verify) { (call) throws(AWSFailure) in try await call.verify() },
        "GenerateMac": Operation(.generateMAC) { (call) throws(AWSFailure) in try await call.generateMAC() },
        "VerifyMac": Operation(.verifyMAC) { (call) throws(AWSFailure) in try await call.verifyMAC() },
        "DeriveSharedSecret": Operation(.deriveSharedSecret) { (call) throws(AWSFailure) in
            try await call.deriveSharedSecret()
        },
        "GetPublicKey": Operation(.describeKey) { (call) throws(AWSFailure) in try await call.getPublicKey() },
        "EnableKeyRotation": Operation(.enableKeyRotation) { (call) throws(AWSFailure) in
            try await call.enableKeyRotation()
        },
        "DisableKeyRotation": Operation(.keyOnly) { (call) throws(AWSFailure) in try await call.disableKeyRotation() },
        "GetKeyRotationStatus": Operation(.keyOnly) { (call) throws(AWSFailure) in
            try await call.getKeyRotationStatus()
        },
        "RotateKeyOnDemand": Operation(.keyOnly) { (call) throws(AWSFailure) in try await call.rotateKeyOnDemand() },
        "ListKeyRotations": Operation(.listKeyRotations) { (call) throws(AWSFailure) in
            try await call.listKeyRotations()
        },
        "GetParametersForImport": Operation(.parametersForImport) { (call) throws(AWSFailure) in
            try await call.getParametersForImport()
        },
        "ImportKeyMaterial": Operation(.importKeyMaterial) { (call) throws(AWSFailure) in
            try await call.importKeyMaterial()
        },
        "DeleteImportedKeyMaterial": Operation(.deleteImportedKeyMaterial) { (call) throws(AWSFailure) in
            try await call.deleteImportedKeyMaterial()
        },
        "GetKeyPolicy": Operation(.getKeyPolicy) { (call) throws(AWSFailure) in try await call.getKeyPolicy() },
        "PutKeyPolicy": Operation(.putKeyPolicy) { (call) throws(AWSFailure) in try await call.putKeyPolicy() },
        "ListKeyPolicies": Operation(.keyAndPage) { (call) throws(AWSFailure) in try await call.listKeyPolicies() },
        "CreateGrant": Operation(.createGrant) { (call) throws(AWSFailure) in try await call.createGrant() },
        "ListGrants": Operation(.listGrants) { (call) throws(AWSFailure) in try await call.listGrants() },
        "ListRetirableGrants": Operation(.listRetirableGrants) { (call) throws(AWSFailure) in
            try await call.listRetirableGrants()
        },
        "RetireGrant": Operation(.retireGrant) { (call) throws(AWSFailure) in try await call.retireGrant() },
        "RevokeGrant": Operation(.revokeGrant) { (call) throws(AWSFailure) in try await call.revokeGrant() },
    ].merging(refused) { own, _ in own }

    private static let refused: [String: Operation] = {
        let stores = [
            "ConnectCustomKeyStore", "CreateCustomKeyStore", "DeleteCustomKeyStore", "DescribeCustomKeyStores",
            "DisconnectCustomKeyStore", "UpdateCustomKeyStore",
        ]
        let regions = ["ReplicateKey", "UpdatePrimaryRegion"]
        var operations: [String: Operation] = [:]
        for name in stores {
            operations[name] = Operation(.anything) { (_) throws(AWSFailure) in
                throw .unsupported("Custom key stores are not supported: all keys are in the service's own token.")
            }
        }
        for name in regions {
            operations[name] = Operation(.anything) { (_) throws(AWSFailure) in
                throw .unsupported("Multi-Region keys are not supported: each key is in one region, in one token.")
            }
        }
        operations["GetKeyLastUsage"] = Operation(.anything) { (_) throws(AWSFailure) in
            throw .unsupported("How a key was used last is in the audit log: kms audit search --key.")
        }
        return operations
    }()
}
