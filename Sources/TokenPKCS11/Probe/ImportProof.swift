internal import KeyManagement
internal import LibCrypto
internal import PKCS11

/// A test that an import method brings material into the token unchanged.
enum ImportProof {
    /// - Throws: the token's error, or a ``ProbeFinding``.
    static func run(
        _ method: ImportMethod, blob: [UInt8], publicKey: PublicKey, root: ObjectHandle, _ wrapping: Mechanism,
        in session: borrowing Session
    ) throws {
        // Known throw-away keys, so that the token's answer can be predicted. They have no other use.
        let secret = (0..<32).map { UInt8($0 * 7 + 1) }
        let step = (0..<32).map { UInt8($0 * 5 + 3) }
        let hash = method.hash.libCrypto
        let wrapped: [UInt8]
        if method.hasTwoSteps {
            let first = try step.withUnsafeBytes { try publicKey.encryptOAEP($0, hash: hash) }
            let second = try secret.withUnsafeBytes { secret in
                try step.withUnsafeBytes { try KeyWrap.wrapWithPadding(secret, under: $0) }
            }
            wrapped = first + second
        } else {
            wrapped = try secret.withUnsafeBytes { try publicKey.encryptOAEP($0, hash: hash) }
        }
        guard let epoch = RootEpoch(1), let project = try? ProjectID("probe"), let subject = try? SubjectID("probe")
        else { throw ProbeFinding("no job") }
        let now = Timestamp(milliseconds: 0)
        let job = ImportJob(
            id: ImportJobID(), project: project, subject: subject, wrappingAlgorithm: .rsa2048, method: method,
            publicKey: PublicKeyInfo(der: publicKey.der),
            wrapped: WrappedKey(mechanism: .aesKWP, epoch: epoch, blob: blob), createdAt: now, expiresAt: now)
        let material = ImportMaterial(algorithm: .hmacSHA256, usage: .generateVerifyMAC, wrapped: wrapped)
        let importer = KeyImporter(root: root, wrapping: wrapping, material: material, job: job)
        guard let imported = try importer.run(jobRoot: root, wrapping, in: session) else {
            throw ProbeFinding("the material is not recognised")
        }
        guard imported.checkValue?.bytes == expectedCheckValue else { throw ProbeFinding("another key came in") }
        var changed = wrapped
        changed[changed.count - 1] ^= 1
        let tampered = KeyImporter(
            root: root, wrapping: wrapping,
            material: ImportMaterial(algorithm: .hmacSHA256, usage: .generateVerifyMAC, wrapped: changed), job: job)
        guard (try? tampered.run(jobRoot: root, wrapping, in: session)) == nil else {
            throw ProbeFinding("changed material was taken")
        }
    }

    /// HMAC-SHA256 of `hsm-kms/check-value/1` under the bytes 1, 8, 15 …, 218; its first 16 bytes (computed with Python's hmac).
    private static let expectedCheckValue: [UInt8] = [
        0xFF, 0x5F, 0x94, 0x97, 0xB0, 0x1B, 0x39, 0x99, 0x5C, 0x29, 0x75, 0x5D, 0xEE, 0xDA, 0x4F, 0x4F,
    ]
}
