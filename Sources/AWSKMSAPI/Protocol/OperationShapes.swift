import KeyManagement

/// The shapes of the requests, from the public service model of AWS KMS (API version 2014-11-01).
extension InputShape {
    private static let key = MemberShape.must("KeyId", .text(1...2048, nil))
    private static let mayKey = MemberShape.may("KeyId", .text(1...2048, nil))
    private static let tokens = MemberShape.may("GrantTokens", .texts(atMost: 10, nil))
    private static let dryRun = MemberShape.may("DryRun", .flag)
    private static let limit = MemberShape.may("Limit", .integer(1...1000))
    private static let marker = MemberShape.may("Marker", .text(1...1024, nil))
    private static let context = MemberShape.may("EncryptionContext", .pairs)
    private static let recipient = MemberShape.may("Recipient", .unsupportedObject)
    private static let dryRunModifiers = MemberShape.unsupported("DryRunModifiers")
    /// Members of later models than the others. Each restricts a grant, or names a service principal that does not exist here.
    private static let grantee = MemberShape.unsupported("GranteeServicePrincipal")
    private static let retiring = MemberShape.unsupported("RetiringServicePrincipal")
    private static let constraints = InputShape(
        .may("EncryptionContextEquals", .pairs), .may("EncryptionContextSubset", .pairs), .unsupported("SourceArn"))
    private static let message = MemberShape.must("Message", .blob(1...4096))
    private static let messageType = MemberShape.may("MessageType", .one(AWSNames.messageTypes))
    private static let aliasName = MemberShape.must("AliasName", .text(1...256, .names))
    private static let tags = InputShape(
        .must("TagKey", .text(1...128, nil)), .must("TagValue", .text(0...256, nil)))

    static let keyOnly = InputShape(key)
    static let keyAndPage = InputShape(key, limit, marker)
    static let createKey = InputShape(
        .may("Policy", .text(1...131_072, nil)), .may("Description", .text(0...8192, nil)),
        .may("KeyUsage", .one(AWSNames.keyUsages)), .may("CustomerMasterKeySpec", .one(AWSNames.keySpecs)),
        .may("KeySpec", .one(AWSNames.keySpecs)), .may("Origin", .one(AWSNames.origins)),
        .may("CustomKeyStoreId", .text(1...64, nil)), .may("BypassPolicyLockoutSafetyCheck", .flag),
        .may("Tags", .objects(tags)), .may("MultiRegion", .flag), .may("XksKeyId", .text(1...128, nil)))
    static let describeKey = InputShape(key, tokens)
    static let listKeys = InputShape(limit, marker)
    static let scheduleKeyDeletion = InputShape(key, .may("PendingWindowInDays", .integer(1...365)))
    static let updateKeyDescription = InputShape(key, .must("Description", .text(0...8192, nil)))
    static let alias = InputShape(aliasName, .must("TargetKeyId", .text(1...2048, nil)))
    static let deleteAlias = InputShape(aliasName)
    static let listAliases = InputShape(mayKey, limit, marker)
    static let tagResource = InputShape(key, .must("Tags", .objects(tags)))
    static let untagResource = InputShape(key, .must("TagKeys", .texts(atMost: 200, nil)))
    static let encrypt = InputShape(
        key, .must("Plaintext", .blob(1...4096)), context, tokens,
        .may("EncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)), dryRun)
    static let decrypt = InputShape(
        .must("CiphertextBlob", .blob(1...6144)), context, tokens, mayKey,
        .may("EncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)), recipient, dryRun, dryRunModifiers)
    static let reEncrypt = InputShape(
        .must("CiphertextBlob", .blob(1...6144)), .may("SourceEncryptionContext", .pairs),
        .may("SourceKeyId", .text(1...2048, nil)), .must("DestinationKeyId", .text(1...2048, nil)),
        .may("DestinationEncryptionContext", .pairs),
        .may("SourceEncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)),
        .may("DestinationEncryptionAlgorithm", .one(AWSNames.encryptionAlgorithms)), tokens, dryRun, dryRunModifiers)
    static let generateDataKey = InputShape(
        key, context, .may("NumberOfBytes", .integer(1...1024)), .may("KeySpec", .one(AWSNames.dataKeySpecs)), tokens,
        recipient, dryRun)
    static let generateDataKeyPair = InputShape(
        context, key, .must("KeyPairSpec", .one(AWSNames.keyPairSpecs)), tokens, recipient, dryRun)
    static let generateRandom = InputShape(
        .may("NumberOfBytes", .integer(1...1024)), .may("CustomKeyStoreId", .text(1...64, nil)), recipient)
    static let sign = InputShape(
        key, message, messageType, tokens, .must("SigningAlgorithm", .one(AWSNames.signingAlgorithms)), dryRun)
    static let verify = InputShape(
        key, message, messageType, .must("Signature", .blob(1...6144)),
        .must("SigningAlgorithm", .one(AWSNames.signingAlgorithms)), tokens, dryRun)
    static let generateMAC = InputShape(
        message, key, .must("MacAlgorithm", .one(AWSNames.macAlgorithms)), tokens, dryRun)
    static let verifyMAC = InputShape(
        message, key, .must("MacAlgorithm", .one(AWSNames.macAlgorithms)), .must("Mac", .blob(1...6144)), tokens,
        dryRun)
    static let deriveSharedSecret = InputShape(
        key, .must("KeyAgreementAlgorithm", .one(["ECDH"])), .must("PublicKey", .blob(1...8192)), tokens, dryRun,
        recipient)
    static let enableKeyRotation = InputShape(key, .may("RotationPeriodInDays", .integer(90...2560)))
    static let listKeyRotations = InputShape(
        key, .may("IncludeKeyMaterial", .one(AWSNames.includedMaterial)), limit, marker)
    static let parametersForImport = InputShape(
        key, .must("WrappingAlgorithm", .one(AWSNames.wrappingAlgorithms)),
        .must("WrappingKeySpec", .one(AWSNames.wrappingKeySpecs)))
    static let importKeyMaterial = InputShape(
        key, .must("ImportToken", .blob(1...6144)), .must("EncryptedKeyMaterial", .blob(1...6144)),
        .may("ValidTo", .time), .may("ExpirationModel", .one(AWSNames.expirationModels)),
        .may("ImportType", .one(AWSNames.importTypes)), .may("KeyMaterialDescription", .text(0...256, nil)),
        .may("KeyMaterialId", .text(64...64, .hexadecimal)))
    static let deleteImportedKeyMaterial = InputShape(key, .may("KeyMaterialId", .text(64...64, .hexadecimal)))
    static let getKeyPolicy = InputShape(key, .may("PolicyName", .text(1...128, .words)))
    static let putKeyPolicy = InputShape(
        key, .may("PolicyName", .text(1...128, .words)), .must("Policy", .text(1...131_072, nil)),
        .may("BypassPolicyLockoutSafetyCheck", .flag))
    static let createGrant = InputShape(
        key, .must("GranteePrincipal", .text(1...256, .principals)),
        .may("RetiringPrincipal", .text(1...256, .principals)),
        .must("Operations", .texts(atMost: 17, AWSNames.grantOperations)), .may("Constraints", .structure(constraints)),
        tokens, .may("Name", .text(1...256, .names)), dryRun, grantee, retiring)
    static let listGrants = InputShape(
        limit, marker, key, .may("GrantId", .text(1...128, nil)),
        .may("GranteePrincipal", .text(1...256, .principals)), grantee)
    static let listRetirableGrants = InputShape(
        limit, marker, .must("RetiringPrincipal", .text(1...256, .principals)), retiring)
    static let retireGrant = InputShape(
        .may("GrantToken", .text(1...8192, nil)), mayKey, .may("GrantId", .text(1...128, nil)), dryRun)
    static let revokeGrant = InputShape(key, .must("GrantId", .text(1...128, nil)), dryRun)
}
