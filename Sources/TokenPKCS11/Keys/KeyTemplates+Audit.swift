internal import PKCS11

extension KeyTemplates {
    /// Returns the template of the audit key's private half, which signs checkpoints of the audit chain.
    static func auditPrivateKey(label: String, id: [UInt8]) -> Template {
        [
            .label(label),
            .id(id),  // the same for both halves
            .token(true),  // it is the token's
            .private(true),
            .sensitive(true),
            .extractable(false),  // a chain that anybody could sign elsewhere would prove nothing
            .modifiable(false),  // nobody changes what is written here
            .copyable(false),  // nor makes a copy with other attributes
            .sign(true),  // its one use
            .decrypt(false), .unwrap(false), .derive(false),
        ]
    }

    /// Returns the template of the public half. It stays in the token so that the service can read it at each start.
    static func auditPublicKey(label: String, id: [UInt8]) -> Template {
        [
            .ecParameters(.p256),
            .label(label),
            .id(id),
            .token(true),
            .private(false),  // it is no secret
            .modifiable(false),
            .verify(true),
            .encrypt(false), .wrap(false),
        ]
    }
}
