import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let signatures = OperationGroup(
        "signatures", "What keys sign and authenticate, the secrets they agree on, and their public halves.",
        [
            APIOperation(
                .post, "keys/{key}/sign", "sign", "Signs a message or its digest", body: .sign,
                data: DataSchemas.signed.ref, failures: FailureCode.ofUses),
            APIOperation(
                .post, "keys/{key}/verify", "verify", "Verifies a signature", body: .verify,
                data: DataSchemas.verified.ref, failures: ofVersionUses),
            APIOperation(
                .post, "keys/{key}/hmac", "generateMAC", "Makes an HMAC", body: .mac, data: DataSchemas.mac.ref,
                failures: FailureCode.ofUses),
            APIOperation(
                .post, "keys/{key}/verify-hmac", "verifyMAC", "Verifies an HMAC", body: .verifyMAC,
                data: DataSchemas.verified.ref, failures: ofVersionUses),
            APIOperation(
                .post, "keys/{key}/derive-shared-secret", "deriveSharedSecret",
                "Makes the secret that the key and a public key have in common (ECDH)", body: .deriveSharedSecret,
                data: DataSchemas.sharedSecret.ref, failures: ofVersionUses),
            APIOperation(
                .get, "keys/{key}/public-key", "publicKey", "Reads the public half of the default version",
                data: DataSchemas.publicKey.ref, failures: ofVersionUses),
            APIOperation(
                .get, "keys/{key}/versions/{version}/public-key", "publicKeyOfVersion",
                "Reads the public half of a version", data: DataSchemas.publicKey.ref, failures: ofVersionUses),
        ])

    static let ofVersionUses = FailureCode.ofUses.union([.versionNotFound])
}
