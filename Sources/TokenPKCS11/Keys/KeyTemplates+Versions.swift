internal import KeyManagement
internal import PKCS11

extension KeyTemplates {
    /// Returns the template of a secret that can only be wrapped.
    static func newbornSecret(_ keyType: KeyType, byteCount: Int) -> Template {
        Template([.class(.secretKey), .keyType(keyType), .valueLength(byteCount)] + newborn + noUseOfSecret)
    }

    /// The template of a secret that was made outside the token and can only be wrapped.
    static let broughtSecret = Template([.class(.secretKey), .keyType(.genericSecret)] + newborn + noUseOfSecret)

    /// The template of a private key that can only be wrapped.
    static let newbornPrivateKey = Template(newborn + noUseOfPrivate)

    /// Returns the template of the public half of a new pair, which is read once and then destroyed.
    static func newbornPublicKey(_ parameters: [Attribute]) -> Template {
        Template(
            parameters + [
                .token(false),  // gone with the session at the latest
                .verify(false), .encrypt(false), .wrap(false),  // it is used outside
            ])
    }

    /// The template of the private half of a data-key pair, which its owner gets in plaintext.
    static let leavingPrivateKey = Template(
        [
            .token(false),
            .private(true),
            .sensitive(false),  // it is read once, for its owner
            .extractable(true),
        ] + noUseOfPrivate)

    /// Returns the template of a shared secret, which the caller gets in plaintext.
    static func leavingSecret(byteCount: Int) -> Template {
        Template(
            [
                .class(.secretKey), .keyType(.genericSecret), .valueLength(byteCount),
                .token(false),
                .sensitive(false),  // it is read once, for its owner
                .extractable(true),
            ] + noUseOfSecret)
    }

    /// Returns the template of a version key in use, restricted to its usage.
    static func unwrapped(_ algorithm: KeyAlgorithm, for usage: KeyUsage) -> Template {
        switch algorithm.family {
        case .aes:
            Template(
                inUse(.secretKey, algorithm) + [
                    .encrypt(true), .decrypt(true),
                    .wrap(false), .unwrap(false),  // else it could wrap others and decrypt them
                    .sign(false), .verify(false), .derive(false),
                ])
        case .hmac:
            Template(
                inUse(.secretKey, algorithm) + [
                    .sign(true),  // a code is verified by making it anew
                    .verify(false), .encrypt(false), .decrypt(false), .wrap(false), .unwrap(false), .derive(false),
                ])
        case .rsa, .ec, .ed25519:
            Template(
                inUse(.privateKey, algorithm) + [
                    .sign(usage == .signVerify),
                    .decrypt(usage == .encryptDecrypt),  // one or the other: a signature is no decryption
                    .derive(usage == .keyAgreement),
                    .unwrap(false),
                ])
        }
    }

    /// The template of the private half of an import key: it unwraps, and has no other use. If it could decrypt, a holder of the
    /// service's rights could read the imported material.
    static let importKey = Template(
        inUse(.privateKey, .rsa4096) + [.unwrap(true), .decrypt(false), .sign(false), .derive(false)])

    /// The template of the AES key between the import key and the material.
    static let importStep: Template = [
        .class(.secretKey), .keyType(.aes),
        .token(false), .private(true), .sensitive(true),
        .extractable(false),
        .unwrap(true),  // its one use
        .wrap(false), .encrypt(false), .decrypt(false), .sign(false), .verify(false), .derive(false),
    ]

    /// Returns the template of imported material: like a new key, it can only be wrapped under the root. Secrets can also be
    /// used, to prove that they work and so have the right length.
    static func incoming(_ algorithm: KeyAlgorithm) -> Template {
        switch algorithm.family {
        case .rsa, .ec, .ed25519:
            Template([.class(.privateKey), .keyType(algorithm.keyType)] + newborn + noUseOfPrivate)
        case .aes:
            Template(
                [.class(.secretKey), .keyType(algorithm.keyType)] + newborn + [
                    .encrypt(true),  // for the check value
                    .decrypt(false), .wrap(false), .unwrap(false), .sign(false), .verify(false), .derive(false),
                ])
        case .hmac:
            Template(
                [.class(.secretKey), .keyType(algorithm.keyType)] + newborn + [
                    .sign(true),  // for the check value
                    .encrypt(false), .decrypt(false), .wrap(false), .unwrap(false), .verify(false), .derive(false),
                ])
        }
    }

    private static func inUse(_ class: ObjectClass, _ algorithm: KeyAlgorithm) -> [Attribute] {
        [
            .class(`class`), .keyType(algorithm.keyType),
            .token(false),  // a copy for this connection only
            .private(true),
            .sensitive(true),
            .extractable(false),  // what is used can never be wrapped again, by whomever
        ]
    }

    private static let newborn: [Attribute] = [
        .token(false),  // gone with the session at the latest
        .private(true),  // nobody without a login sees it
        .sensitive(true),  // its value cannot be read
        .extractable(true),  // it can be wrapped
    ]

    private static let noUseOfSecret: [Attribute] = [
        .encrypt(false), .decrypt(false), .wrap(false), .unwrap(false), .sign(false), .verify(false), .derive(false),
    ]

    private static let noUseOfPrivate: [Attribute] = [
        .decrypt(false), .sign(false), .unwrap(false), .derive(false),
    ]
}
