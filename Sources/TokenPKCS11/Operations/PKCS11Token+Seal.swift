package import KeyManagement
internal import PKCS11

extension PKCS11Token {
    package func seal(_ call: SealCall) async throws(TokenError) -> [Seal] {
        try await onWorker { (connection) throws(TokenError) in
            let root = connection.roots.current
            do throws(PKCS11Error) {
                return try connection.withSession { (session) throws(PKCS11Error) in
                    var seals: [Seal] = []
                    for message in call.messages {
                        let code = try Self.code(of: message, under: root, in: session)
                        seals.append(Seal(epoch: root.epoch, code: code))
                    }
                    // A record with a wrong seal would be lost.
                    try connection.checkIntegrityKey(in: session)
                    return seals
                }
            } catch {
                throw TokenError(error)
            }
        }
    }

    package func verify(_ call: VerifySealsCall) async throws(TokenError) -> [Bool] {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                return try connection.withSession { (session) throws(PKCS11Error) in
                    var answers: [Bool] = []
                    for (seal, message) in call.seals {
                        guard seal.code.count == Seal.byteCount,
                            let root = try connection.book.roots(of: seal.epoch, in: session)
                        else {
                            answers.append(false)
                            continue
                        }
                        // Recomputed and compared, because modules disagree on the return value of C_Verify for a wrong code; NSS
                        // returns CKR_DEVICE_ERROR.
                        let code = try Self.code(of: message, under: root, in: session)
                        answers.append(Self.isEqual(code, seal.code))
                        guard answers.last == false else { continue }
                        // Checked before a record is reported as tampered with.
                        try connection.checkIntegrityKey(in: session)
                    }
                    return answers
                }
            } catch {
                throw TokenError(error)
            }
        }
    }

    private static func code(
        of message: [UInt8], under root: RootKeys, in session: borrowing Session
    ) throws(PKCS11Error) -> [UInt8] {
        let code = try session.sign(message, with: root.integrity, .sha256HMAC)
        guard code.count == Seal.byteCount else {
            throw .malformedAnswer(from: .sign, "\(code.count) bytes of HMAC-SHA256")
        }
        return code
    }

    /// Compares in a time that depends only on the lengths.
    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
