public import KeyManagement

extension RemoteToken {
    public func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox] {
        try await ask(.encrypt) { writer in
            writer.put(key)
            writer.put(items) { [writer] in
                writer.put($0.plaintext)
                writer.put($0.additionalData)
            }
        } _: { (reader) throws(WireError) in
            try reader.list { (reader) throws(WireError) in try reader.box() }
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
            try reader.results()
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
            try reader.list { (reader) throws(WireError) in
                TokenDataKey(plaintext: try reader.secret(), box: try reader.box())
            }
        }
    }

    public func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]] {
        try await ask(.sign) { writer in
            writer.put(key)
            writer.put(algorithm.rawValue)
            writer.put(inputs) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            try reader.list { (reader) throws(WireError) in try reader.bytes() }
        }
    }

    public func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]] {
        try await ask(.authenticate) { writer in
            writer.put(key)
            writer.put(messages) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            try reader.list { (reader) throws(WireError) in try reader.bytes() }
        }
    }

    public func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes {
        try await ask(.agree) { writer in
            writer.put(key)
            writer.put(publicKey.der)
        } _: { (reader) throws(WireError) in
            try reader.secret()
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
            try reader.results()
        }
    }
}
