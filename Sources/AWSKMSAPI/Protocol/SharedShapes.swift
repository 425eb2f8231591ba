import KeyManagement

/// The members that several operations have, from the public service model of AWS KMS (API version 2014-11-01).
extension MemberShape {
    static let key = must("KeyId", .text(1...2048, nil))
    static let mayKey = may("KeyId", .text(1...2048, nil))
    static let tokens = may("GrantTokens", .texts(atMost: 10, nil))
    static let dryRun = may("DryRun", .flag)
    static let limit = may("Limit", .integer(1...1000))
    static let marker = may("Marker", .text(1...1024, nil))
    static let context = may("EncryptionContext", .pairs)
    static let recipient = may("Recipient", .unsupportedObject)
    static let dryRunModifiers = unsupported("DryRunModifiers")
    /// Members of later models than the others. Each restricts a grant, or names a service principal that does not exist here.
    static let grantee = unsupported("GranteeServicePrincipal")
    static let retiring = unsupported("RetiringServicePrincipal")
    static let message = must("Message", .blob(1...4096))
    static let messageType = may("MessageType", .one(AWSNames.messageTypes))
    static let aliasName = must("AliasName", .text(1...256, .names))
}

extension InputShape {
    static let constraints = InputShape(
        .may("EncryptionContextEquals", .pairs), .may("EncryptionContextSubset", .pairs), .unsupported("SourceArn"))
    static let tags = InputShape(
        .must("TagKey", .text(1...128, nil)), .must("TagValue", .text(0...256, nil)))
}
