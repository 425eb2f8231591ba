public import KeyManagement
public import SecretMemory

extension RemoteToken {
    public func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await ask(.encrypt) { writer in
            writer.put(key)
            writer.put(items) { [writer] in
                writer.put($0.plaintext)
                writer.put($0.additionalData)
            }
        } _: { (reader) throws(WireError) in
            let boxes = try reader.list(exactly: items.count) { (reader) throws(WireError) in try reader.box() }
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(boxes, of: items) }
            return boxes
        }
    }

    public func decrypt(
        _ items: [Decryption], with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await ask(.decrypt) { writer in
            writer.put(key)
            writer.put(items) { [writer] in
                writer.put($0.box)
                writer.put($0.additionalData)
            }
        } _: { (reader) throws(WireError) in
            let results = try reader.results(exactly: items.count)
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(results, of: items) }
            return results
        }
    }

    public func issueDataKeys(
        _ orders: [DataKeyOrder], with key: VersionKey
    ) async throws(TokenError) -> [TokenDataKey] {
        try await ask(.issueDataKeys) { writer in
            writer.put(key)
            writer.put(orders) { [writer] in
                writer.put(count: $0.byteCount)
                writer.put($0.additionalData)
            }
        } _: { (reader) throws(WireError) in
            let keys = try reader.list(exactly: orders.count) { (reader) throws(WireError) in
                TokenDataKey(plaintext: try reader.secret(), box: try reader.box())
            }
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(keys, of: orders) }
            return keys
        }
    }

    public func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        let child = try supervisor.child()
        let signatures = try await ask(.sign, of: child) { writer in
            writer.put(key)
            writer.put(algorithm.rawValue)
            writer.put(inputs) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            let signatures = try reader.list(exactly: inputs.count) { (reader) throws(WireError) in try reader.bytes() }
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(signatures, count: inputs.count, with: key)
            }
            return signatures
        }
        try await verify(signatures, over: inputs, by: algorithm, with: key, of: child)
        return signatures
    }

    public func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await ask(.authenticate) { writer in
            writer.put(key)
            writer.put(messages) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            let codes = try reader.list(exactly: messages.count) { (reader) throws(WireError) in try reader.bytes() }
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(codes: codes, count: messages.count, with: key)
            }
            return codes
        }
    }

    public func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        try await ask(.agree) { writer in
            writer.put(key)
            writer.put(publicKey.der)
        } _: { (reader) throws(WireError) in
            let secret = try reader.secret()
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(agreed: secret, by: key) }
            return secret
        }
    }

    public func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>] {
        try await ask(.decryptAsymmetric) { writer in
            writer.put(key)
            writer.put(algorithm.rawValue)
            writer.put(ciphertexts) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            let results = try reader.results(exactly: ciphertexts.count)
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(results, ofCiphertexts: ciphertexts.count, by: algorithm, with: key)
            }
            return results
        }
    }
}
