internal import Crypto
package import KeyManagement
import SecretMemory

/// One promise of a token adapter, with a check that it holds.
package struct TokenClause: Sendable, CustomStringConvertible {
    package let name: String
    package let check: @Sendable (any Token) async throws -> Void

    package var description: String { name }
}

/// The contract of every `Token`, whatever is behind it. An adapter's tests run each clause on a token of their own.
package enum TokenContract {
    package static let all: [TokenClause] = keys + encryption + seals

    static let keys: [TokenClause] = [
        TokenClause(name: "a version key leaves the token wrapped only, and no two are the same") { token in
            let first = try await token.generateWrappedKey(.aes256GCM96)
            let second = try await token.generateWrappedKey(.aes256GCM96)
            try require(first.blob.count == 40, "an AES-256 key wraps to 40 bytes, not \(first.blob.count)")
            try require(first.blob != second.blob, "two keys are the same")
            try require(first.epoch == token.identity.epoch, "a new key is under the current epoch")
        },
        TokenClause(name: "a wrapped key that was changed does not unwrap") { token in
            let key = try await sampleKey(token)
            var blob = key.wrapped.blob
            blob[7] ^= 0x10
            let changed = VersionKey(
                id: key.id, algorithm: key.algorithm,
                wrapped: WrappedKey(mechanism: key.wrapped.mechanism, epoch: key.wrapped.epoch, blob: blob))
            do throws(TokenError) {
                _ = try await token.encrypt(text, additionalData: data, with: changed)
            } catch {
                guard case .unwrapFailed = error else { throw ContractViolation("fails with \(error)") }
                return
            }
            throw ContractViolation("a changed blob is used")
        },
        TokenClause(name: "a secret that was brought makes the codes that it makes outside, and is wrapped anew") {
            token in
            for count in [44, 48] {
                let secret = SecretBytes(copying: (0..<count).map { UInt8(truncatingIfNeeded: 65 + $0) })
                guard let key = try await brought(secret, to: token) else { continue }
                try require(key.wrapped.epoch == token.identity.epoch, "a secret is under the current epoch")
                let expected = secret.withUnsafeBytes {
                    Array(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: $0)))
                }
                try require(try await token.authenticate([data], with: key) == [expected], "the code of \(count) bytes")
                await token.forget(key.id)
                try require(try await token.authenticate([data], with: key) == [expected], "the code of \(count) bytes")
            }
        },
        TokenClause(name: "two sides agree on the same secret, and not with a key on another curve") { token in
            for algorithm in token.agreementAlgorithms.sorted(by: { $0.rawValue < $1.rawValue }) {
                let (one, two) = (try await agreeing(algorithm, token), try await agreeing(algorithm, token))
                let first = try await token.agree(with: two.publicKey, by: one.key)
                let second = try await token.agree(with: one.publicKey, by: two.key)
                guard case .ec(let curve) = algorithm.family else { throw ContractViolation("\(algorithm) agrees") }
                try require(first == second && first.count == curve.coordinateByteCount, algorithm.rawValue)
                let other = try await agreeing(algorithm == .ecP256 ? .ecP384 : .ecP256, token)
                do throws(TokenError) {
                    _ = try await token.agree(with: other.publicKey, by: one.key)
                } catch {
                    try require(error == .rejected, "another curve fails with \(error)")
                    continue
                }
                throw ContractViolation("a point of another curve is taken")
            }
        },
        TokenClause(name: "a version that was forgotten can be used again") { token in
            let key = try await sampleKey(token)
            let box = try await token.encrypt(text, additionalData: data, with: key)
            await token.forget(key.id)
            try require(
                try await token.decrypt(box, additionalData: data, with: key) == text, "decrypts to something else")
        },
        TokenClause(name: "random bytes are as many as asked for, and differ") { token in
            let first = try await token.random(byteCount: 48)
            let second = try await token.random(byteCount: 48)
            try require(first.count == 48 && first != second, "48 bytes that differ")
        },
        TokenClause(name: "a healthy token says so") { try await $0.checkHealth() },
    ]

    static let encryption: [TokenClause] = [
        TokenClause(name: "what was encrypted decrypts, from 1 to 4096 bytes") { token in
            let key = try await sampleKey(token)
            for count in [1, 15, 16, 17, 32, 1000, 4096] {
                let plaintext = SecretBytes(copying: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
                let box = try await token.encrypt(plaintext, additionalData: data, with: key)
                try require(box.ciphertextAndTag.count == count + 16, "\(count) bytes become \(count + 16)")
                let back = try await token.decrypt(box, additionalData: data, with: key)
                try require(back == plaintext, "\(count) bytes come back as they were")
            }
        },
        TokenClause(name: "no nonce is used twice") { token in
            let key = try await sampleKey(token)
            var nonces: Set<[UInt8]> = []
            for _ in 0..<100 { nonces.insert(try await token.encrypt(text, additionalData: data, with: key).nonce) }
            try require(nonces.count == 100, "100 encryptions have \(nonces.count) nonces")
        },
        TokenClause(name: "whatever is not authentic is rejected, in the same way") { token in
            let key = try await sampleKey(token)
            let other = try await sampleKey(token)
            let box = try await token.encrypt(text, additionalData: data, with: key)
            var tag = box.ciphertextAndTag
            tag[tag.count - 1] ^= 1
            var body = box.ciphertextAndTag
            body[0] ^= 0x80
            var nonce = box.nonce
            nonce[3] ^= 4
            try await requireRejection(
                "a changed tag", SealedBox(nonce: box.nonce, ciphertextAndTag: tag), data, key, token)
            try await requireRejection(
                "a changed byte", SealedBox(nonce: box.nonce, ciphertextAndTag: body), data, key, token)
            try await requireRejection(
                "a changed nonce", SealedBox(nonce: nonce, ciphertextAndTag: box.ciphertextAndTag), data, key, token)
            try await requireRejection(
                "a bare tag", SealedBox(nonce: box.nonce, ciphertextAndTag: Array(tag.suffix(16))), data, key, token)
            try await requireRejection("other additional data", box, data + [0], key, token)
            try await requireRejection("another key", box, data, other, token)
        },
        TokenClause(name: "a data key is as long as asked for and decrypts to itself") { token in
            let key = try await sampleKey(token)
            for count in [1, 16, 32, 1024] {
                let (plaintext, box) = try await token.issueDataKey(byteCount: count, additionalData: data, with: key)
                try require(plaintext.count == count, "\(count) bytes")
                try require(
                    try await token.decrypt(box, additionalData: data, with: key) == plaintext, "decrypts to itself")
            }
        },
        TokenClause(name: "many callers at once get each their own answer") { token in
            let keys = [try await sampleKey(token), try await sampleKey(token), try await sampleKey(token)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let key = keys[number % keys.count]
                        let own = SecretBytes(copying: Array("caller \(number)".utf8))
                        let box = try await token.encrypt(own, additionalData: [UInt8(number)], with: key)
                        let back = try await token.decrypt(box, additionalData: [UInt8(number)], with: key)
                        try require(back == own, "caller \(number) gets another's answer")
                    }
                }
                try await group.waitForAll()
            }
        },
    ]

    /// The clauses about the life of roots. Each changes the token permanently, and needs a token that makes roots with the
    /// required attributes.
    package static let rootLife: [TokenClause] = [
        TokenClause(name: "new roots wrap and seal what is new, and what is old stays readable") { token in
            let before = token.identity
            let key = try await sampleKey(token)
            let box = try await token.encrypt(text, additionalData: data, with: key)
            let seal = try await token.seal([[1]])[0]
            guard let next = before.epoch.next else { throw ContractViolation("no epoch is left") }
            let after = try await token.makeRoots(next)
            try require(after.epoch == next && after.continues(before), "identity \(after.epoch)")
            try require(token.identity == after, "the token knows of its roots")
            try require(try await token.generateWrappedKey(.aes256GCM96).epoch == next, "a new key is under them")
            try require(try await token.seal([[1]])[0].epoch == next, "a new seal is under them")
            try require(try await token.verify([(seal, [1])]) == [true], "an old seal is genuine")
            try require(try await token.decrypt(box, additionalData: data, with: key) == text, "an old key decrypts")
            do throws(TokenError) {
                _ = try await token.makeRoots(next)
            } catch { return }
            throw ContractViolation("roots are made twice")
        },
        TokenClause(name: "a rewrapped key of each kind is the same key, and the old blob is lost with its roots") {
            token in
            let first = token.identity.epoch
            guard let next = first.next else { throw ContractViolation("no epoch is left") }
            let key = try await sampleKey(token)
            let box = try await token.encrypt(text, additionalData: data, with: key)
            var orders = [
                KeyToRewrap(
                    name: "sample", algorithm: key.algorithm, purpose: .version(.encryptDecrypt), wrapped: key.wrapped,
                    publicKey: nil)
            ]
            for algorithm in token.algorithms.sorted(by: { $0.rawValue < $1.rawValue }) {
                for usage in algorithm.usages.sorted(by: { $0.rawValue < $1.rawValue }) {
                    let made = try await token.generateKey(algorithm, for: usage)
                    orders.append(
                        KeyToRewrap(
                            name: algorithm.rawValue, algorithm: algorithm, purpose: .version(usage),
                            wrapped: made.wrapped, publicKey: made.publicKey))
                }
            }
            _ = try await token.makeRoots(next)
            let rewrapped = try await token.rewrap(orders)
            try require(rewrapped.count == orders.count, "\(rewrapped.count) of \(orders.count)")
            for (order, new) in zip(orders, rewrapped) {
                try require(new.epoch == next && new.blob != order.wrapped.blob, "\(order.name) is under the new roots")
            }
            let identity = try await token.destroyRoots(first)
            try require(identity.checkValues[first] == nil && token.identity == identity, "the old roots are gone")
            let same = VersionKey(
                id: key.id, algorithm: key.algorithm, usage: key.usage, wrapped: rewrapped[0])
            await token.forget(key.id)
            try require(try await token.decrypt(box, additionalData: data, with: same) == text, "it is the same key")
            await token.forget(key.id)
            do throws(TokenError) {
                _ = try await token.decrypt(box, additionalData: data, with: key)
            } catch {
                guard case .unwrapFailed = error else { throw ContractViolation("the old blob fails with \(error)") }
                return
            }
            throw ContractViolation("the old blob is still readable")
        },
        TokenClause(
            name: "a secret that was brought is the same under new roots, and the old blob is lost with the old"
        ) {
            token in
            let first = token.identity.epoch
            let secret = SecretBytes(copying: (0..<48).map { UInt8(truncatingIfNeeded: 65 + $0) })
            guard let next = first.next, let key = try await brought(secret, to: token) else {
                throw ContractViolation("no secret of 48 bytes is wrapped")
            }
            let code = try await token.authenticate([data], with: key)
            _ = try await token.makeRoots(next)
            let order = KeyToRewrap(
                name: "secret", algorithm: key.algorithm, purpose: .version(key.usage), wrapped: key.wrapped,
                publicKey: nil)
            let rewrapped = try await token.rewrap([order])
            try require(rewrapped.map(\.epoch) == [next], "the secret is under the new roots")
            _ = try await token.destroyRoots(first)
            let same = VersionKey(id: key.id, algorithm: key.algorithm, usage: key.usage, wrapped: rewrapped[0])
            await token.forget(key.id)
            try require(try await token.authenticate([data], with: same) == code, "it is the same secret")
            await token.forget(key.id)
            do throws(TokenError) {
                _ = try await token.authenticate([data], with: key)
            } catch { return }
            throw ContractViolation("the old blob is still readable")
        },
        TokenClause(name: "the latest roots are not destroyed") { token in
            let identity = token.identity
            do throws(TokenError) {
                _ = try await token.destroyRoots(identity.epoch)
            } catch {
                try require(try await token.readIdentity() == identity, "nothing was changed")
                return
            }
            throw ContractViolation("the latest roots are destroyed")
        },
    ]

    static let seals: [TokenClause] = [
        TokenClause(name: "a seal verifies over its own message and no other") { token in
            let messages: [[UInt8]] = [Array("one".utf8), Array("two".utf8), []]
            let seals = try await token.seal(messages)
            try require(seals.count == 3 && seals.allSatisfy { $0.code.count == 32 }, "three seals of 32 bytes")
            let answers = try await token.verify([
                (seals[0], messages[0]), (seals[1], messages[0]), (seals[1], messages[1]), (seals[2], [0]),
                (seals[2], []),
            ])
            try require(answers == [true, false, true, false, true], "answers \(answers)")
        },
        TokenClause(name: "a seal of an unknown epoch, of the wrong length or changed is not genuine") { token in
            let message = Array("message".utf8)
            let seal = try await token.seal([message])[0]
            guard let unknown = RootEpoch(4_000_000_000) else { throw ContractViolation("no such epoch") }
            let answers = try await token.verify([
                (Seal(epoch: unknown, code: seal.code), message), (Seal(epoch: seal.epoch, code: []), message),
                (Seal(epoch: seal.epoch, code: seal.code.dropLast()), message),
                (Seal(epoch: seal.epoch, code: seal.code + [0]), message),
                (Seal(epoch: seal.epoch, code: [seal.code[0] ^ 1] + seal.code.dropFirst()), message),
            ])
            try require(answers == [false, false, false, false, false], "answers \(answers)")
        },
    ]

    private static let text = SecretBytes(copying: Array("a plaintext".utf8))
    private static let data = Array("additional data".utf8)

    private static func sampleKey(_ token: any Token) async throws -> VersionKey {
        VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
            wrapped: try await token.generateWrappedKey(.aes256GCM96))
    }

    private static func agreeing(
        _ algorithm: KeyAlgorithm, _ token: any Token
    ) async throws -> (key: VersionKey, publicKey: PublicKeyInfo) {
        let made = try await token.generateKey(algorithm, for: .keyAgreement)
        guard let publicKey = made.publicKey else { throw ContractViolation("no public key") }
        let id = VersionID(key: KeyID(), number: .first)
        return (VersionKey(id: id, algorithm: algorithm, usage: .keyAgreement, wrapped: made.wrapped), publicKey)
    }

    /// Returns a secret as a key to use; `nil` if the token wraps no secret of this length.
    private static func brought(_ secret: SecretBytes, to token: any Token) async throws -> VersionKey? {
        do throws(TokenError) {
            return VersionKey(
                id: VersionID(key: KeyID(), number: .first), algorithm: .hmacSHA256, usage: .generateVerifyMAC,
                wrapped: try await token.wrapSecret(secret))
        } catch {
            guard case .unsupported = error, !secret.count.isMultiple(of: 8) else { throw error }
            return nil
        }
    }

    private static func requireRejection(
        _ what: String, _ box: SealedBox, _ data: [UInt8], _ key: VersionKey, _ token: any Token
    ) async throws {
        do throws(TokenError) {
            _ = try await token.decrypt(box, additionalData: data, with: key)
        } catch {
            try require(error == .rejected, "\(what) fails with \(error)")
            return
        }
        throw ContractViolation("\(what) is decrypted")
    }

    private static func require(_ holds: Bool, _ what: String) throws {
        guard holds else { throw ContractViolation(what) }
    }
}
