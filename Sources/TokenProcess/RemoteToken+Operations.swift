public import KeyManagement

extension RemoteToken {
    public func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        try await ask(.generateKey, within: deadline(for: algorithm)) { writer in
            writer.put(algorithm.rawValue)
            writer.put(usage.rawValue)
        } _: { (reader) throws(WireError) in
            try reader.newKey()
        }
    }

    public func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await ask(.generateDataKeyPair, within: deadline(for: algorithm)) {
            $0.put(algorithm.rawValue)
        } _: { (reader) throws(WireError) in
            DataKeyPairMaterial(privateKey: try reader.secret(), publicKey: try reader.publicKey())
        }
    }

    public func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await ask(.generateImportKey, within: deadline(for: algorithm)) {
            $0.put(algorithm.rawValue)
        } _: { (reader) throws(WireError) in
            try reader.newKey()
        }
    }

    public func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        try await ask(.importKey) { writer in
            writer.put(material)
            writer.put(job)
        } _: { (reader) throws(WireError) in
            try reader.newKey()
        }
    }

    public func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await ask(.wrapSecret) {
            $0.put(secret)
        } _: { (reader) throws(WireError) in
            try reader.wrappedKey()
        }
    }

    public func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try await ask(.seal) { writer in
            writer.put(messages) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            try reader.list { (reader) throws(WireError) in try reader.seal() }
        }
    }

    public func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        try await ask(.verify) { writer in
            writer.put(seals) { [writer] in
                writer.put($0.seal)
                writer.put($0.message)
            }
        } _: { (reader) throws(WireError) in
            try reader.list { (reader) throws(WireError) in try reader.byte() == 1 }
        }
    }

    public func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        try await ask(.signAudit) {
            $0.put(digest)
        } _: { (reader) throws(WireError) in
            try reader.bytes()
        }
    }

    public func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await ask(.random) {
            $0.put(count: byteCount)
        } _: { (reader) throws(WireError) in
            try reader.secret()
        }
    }

    public func forget(_ version: VersionID) async {
        // As in the token itself: that it could not be done now does no harm.
        try? await ask(.forget) {
            $0.put(version)
        } _: { (_) throws(WireError) in
        }
    }

    public func checkHealth() async throws(TokenError) {
        try await ask(.checkHealth) { _ in
        } _: { (_) throws(WireError) in
        }
    }
}
