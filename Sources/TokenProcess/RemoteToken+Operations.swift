public import KeyManagement
public import SecretMemory

extension RemoteToken {
    public func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey {
        try await ask(.generateKey, within: deadline(for: algorithm)) { writer in
            writer.put(algorithm.rawValue)
            writer.put(usage.rawValue)
        } _: { (reader) throws(WireError) in
            let key = try reader.newKey()
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(key, of: algorithm)
                try TokenAnswers.checkPoint(of: key.publicKey, algorithm)
            }
            return key
        }
    }

    public func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial {
        try await ask(.generateDataKeyPair, within: deadline(for: algorithm)) {
            $0.put(algorithm.rawValue)
        } _: { (reader) throws(WireError) in
            let pair = DataKeyPairMaterial(privateKey: try reader.secret(), publicKey: try reader.publicKey())
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(pair, of: algorithm)
                try TokenAnswers.checkPoint(of: pair.publicKey, algorithm)
            }
            return pair
        }
    }

    public func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        try await ask(.generateImportKey, within: deadline(for: algorithm)) {
            $0.put(algorithm.rawValue)
        } _: { (reader) throws(WireError) in
            let key = try reader.newKey()
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(key, of: algorithm)
                try TokenAnswers.checkPoint(of: key.publicKey, algorithm)
            }
            return key
        }
    }

    public func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        try await ask(.importKey) { writer in
            writer.put(material)
            writer.put(job)
        } _: { (reader) throws(WireError) in
            let key = try reader.newKey()
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(key, of: material.algorithm)
                try TokenAnswers.checkPoint(of: key.publicKey, material.algorithm)
            }
            return key
        }
    }

    public func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey {
        try await ask(.wrapSecret) {
            $0.put(secret)
        } _: { (reader) throws(WireError) in
            let wrapped = try reader.wrappedKey()
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(wrapped) }
            return wrapped
        }
    }

    public func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal] {
        try await ask(.seal) { writer in
            writer.put(messages) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            let seals = try reader.list(exactly: messages.count) { (reader) throws(WireError) in try reader.seal() }
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(seals, count: messages.count)
            }
            return seals
        }
    }

    public func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool] {
        let count = seals.count
        return try await ask(.verify) { writer in
            writer.put(seals) { [writer] in
                writer.put($0.seal)
                writer.put($0.message)
            }
        } _: { (reader) throws(WireError) in
            try reader.list(exactly: count) { (reader) throws(WireError) in try reader.flag() }
        }
    }

    public func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8] {
        let key = auditKey
        return try await ask(.signAudit) {
            $0.put(digest)
        } _: { (reader) throws(WireError) in
            let signature = try reader.bytes()
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(auditSignature: signature, over: digest, by: key)
            }
            return signature
        }
    }

    public func random(byteCount: Int) async throws(TokenError) -> SecretBytes {
        try await ask(.random) {
            $0.put(count: byteCount)
        } _: { (reader) throws(WireError) in
            let secret = try reader.secret()
            try reader.check { () throws(TokenAnswers.Mismatch) in
                try TokenAnswers.check(random: secret, byteCount: byteCount)
            }
            return secret
        }
    }

    public func forget(_ version: VersionID) async {
        // As in the token itself, failure to do it now does no harm.
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
