internal import PKCS11

/// The attribute templates of keys. Tests read the attributes back from the token.
enum KeyTemplates {
    /// Returns the template of the root key that wraps version keys.
    static func wrappingRoot(label: String, id: [UInt8]) -> Template {
        root(
            label: label, id: id, keyType: .aes,
            uses: [
                // It only wraps and unwraps: a key that could also decrypt would turn a blob into its plaintext.
                .wrap(true), .unwrap(true), .encrypt(false), .decrypt(false), .sign(false), .verify(false),
                .derive(false),
            ])
    }

    /// Returns the template of the root key that seals records.
    static func integrityRoot(label: String, id: [UInt8]) -> Template {
        root(
            label: label, id: id, keyType: .genericSecret,
            uses: [
                // It only signs and verifies.
                .sign(true), .verify(true), .encrypt(false), .decrypt(false), .wrap(false), .unwrap(false),
                .derive(false),
            ])
    }

    private static func root(label: String, id: [UInt8], keyType: KeyType, uses: [Attribute]) -> Template {
        Template(
            [
                .class(.secretKey), .keyType(keyType), .valueLength(32),
                .label(label),
                .id(id),  // says which keys of an epoch were made together
                .token(true),  // it is the token's
                .private(true),
                .sensitive(true),
                .extractable(false),
                .modifiable(false),  // nobody changes what is written here
                .copyable(false),  // nor makes a copy with other attributes
            ] + uses)
    }
}
