internal import KeyManagement

/// A request as read by the token's process: the operation on the token, and the encoding of its result.
struct TokenWork: Sendable {
    typealias Answer = @Sendable (inout WireWriter) -> Void

    let perform: @Sendable (any Token) async throws(TokenError) -> Answer

    private init(_ perform: @escaping @Sendable (any Token) async throws(TokenError) -> Answer) {
        self.perform = perform
    }

    init(_ request: Frame.Request, _ reader: inout WireReader) throws(WireError) {
        switch request {
        case .start, .ping: throw WireError("no work for the token")
        case .generateKey, .generateDataKeyPair, .generateImportKey, .importKey, .wrapSecret:
            self = try Self.makingKeys(request, &reader)
        case .seal:
            let messages = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.bytes()
            }
            self.init { (token) throws(TokenError) in
                let seals = try await token.seal(messages)
                return { writer in writer.put(seals) { [writer] in writer.put($0) } }
            }
        case .verify:
            let seals = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
                (seal: try reader.seal(), message: try reader.bytes())
            }
            self.init { (token) throws(TokenError) in
                let answers = try await token.verify(seals)
                return { writer in writer.put(answers) { [writer] in writer.put($0 ? UInt8(1) : 0) } }
            }
        case .signAudit:
            let digest = try reader.bytes()
            self.init { (token) throws(TokenError) in
                let signature = try await token.signAudit(digest)
                return { $0.put(signature) }
            }
        case .random:
            let count = try reader.count()
            self.init { (token) throws(TokenError) in
                let secret = try await token.random(byteCount: count)
                return { $0.put(secret) }
            }
        case .forget:
            let id = try reader.versionID()
            self.init { (token) throws(TokenError) in
                await token.forget(id)
                return { _ in }
            }
        case .checkHealth:
            self.init { (token) throws(TokenError) in
                try await token.checkHealth()
                return { _ in }
            }
        case .readIdentity, .makeRoots, .destroyRoots, .rewrap:
            self = try Self.changingRoots(request, &reader)
        case .facts, .examineRoots, .examine: self = try Self.examining(request, &reader)
        case .encrypt, .decrypt, .issueDataKeys, .sign, .authenticate, .decryptAsymmetric, .agree:
            self = try Self.usingKeys(request, &reader)
        }
    }

    private static func examining(
        _ request: Frame.Request, _ reader: inout WireReader
    ) throws(WireError) -> TokenWork {
        switch request {
        case .facts:
            return TokenWork { (token) throws(TokenError) in
                let facts = try await token.facts()
                return { $0.put(json: facts) }
            }
        case .examineRoots:
            return TokenWork { (token) throws(TokenError) in
                let examinations = try await token.examineRoots()
                return { $0.put(json: examinations) }
            }
        default:
            let keys = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.versionKey()
            }
            return TokenWork { (token) throws(TokenError) in
                let examinations = try await token.examine(keys)
                return { $0.put(json: examinations) }
            }
        }
    }

    private static func changingRoots(
        _ request: Frame.Request, _ reader: inout WireReader
    ) throws(WireError) -> TokenWork {
        if request == .rewrap {
            let keys = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
                try reader.keyToRewrap()
            }
            return TokenWork { (token) throws(TokenError) in
                let rewrapped = try await token.rewrap(keys)
                return { writer in writer.put(rewrapped) { [writer] in writer.put($0) } }
            }
        }
        if request == .readIdentity {
            return TokenWork { (token) throws(TokenError) in
                let identity = try await token.readIdentity()
                return { $0.put(identity) }
            }
        }
        let epoch = try reader.epoch()
        return TokenWork { (token) throws(TokenError) in
            let identity =
                request == .makeRoots
                ? try await token.makeRoots(epoch) : try await token.destroyRoots(epoch)
            return { $0.put(identity) }
        }
    }

    private static func makingKeys(
        _ request: Frame.Request, _ reader: inout WireReader
    ) throws(WireError) -> TokenWork {
        if request == .importKey {
            let (material, job) = (try reader.importMaterial(), try reader.importJob())
            return TokenWork { (token) throws(TokenError) in
                let key = try await token.importKey(material, under: job)
                return { $0.put(key) }
            }
        }
        if request == .wrapSecret {
            let secret = try reader.secret()
            return TokenWork { (token) throws(TokenError) in
                let wrapped = try await token.wrapSecret(secret)
                return { $0.put(wrapped) }
            }
        }
        let algorithm = try reader.value(KeyAlgorithm.self)
        switch request {
        case .generateKey:
            let usage = try reader.value(KeyUsage.self)
            return TokenWork { (token) throws(TokenError) in
                let key = try await token.generateKey(algorithm, for: usage)
                return { $0.put(key) }
            }
        case .generateImportKey:
            return TokenWork { (token) throws(TokenError) in
                let key = try await token.generateImportKey(algorithm)
                return { $0.put(key) }
            }
        default:
            return TokenWork { (token) throws(TokenError) in
                let pair = try await token.generateDataKeyPair(algorithm)
                return { writer in
                    writer.put(pair.privateKey)
                    writer.put(pair.publicKey.der)
                }
            }
        }
    }

    private static func usingKeys(
        _ request: Frame.Request, _ reader: inout WireReader
    ) throws(WireError) -> TokenWork {
        let key = try reader.versionKey()
        switch request {
        case .encrypt:
            let items = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
                Encryption(try reader.secret(), additionalData: try reader.bytes())
            }
            return TokenWork { (token) throws(TokenError) in
                let boxes = try await token.encrypt(items, with: key)
                return { writer in writer.put(boxes) { [writer] in writer.put($0) } }
            }
        case .decrypt:
            let items = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
                Decryption(try reader.box(), additionalData: try reader.bytes())
            }
            return TokenWork { (token) throws(TokenError) in
                let results = try await token.decrypt(items, with: key)
                return { $0.put(results) }
            }
        case .issueDataKeys:
            let orders = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in
                DataKeyOrder(byteCount: try reader.count(), additionalData: try reader.bytes())
            }
            return TokenWork { (token) throws(TokenError) in
                let dataKeys = try await token.issueDataKeys(orders, with: key)
                return { writer in
                    writer.put(dataKeys) { [writer] in
                        writer.put($0.plaintext)
                        writer.put($0.box)
                    }
                }
            }
        default: return try usingOtherKeys(request, key, &reader)
        }
    }

    private static func usingOtherKeys(
        _ request: Frame.Request, _ key: VersionKey, _ reader: inout WireReader
    ) throws(WireError) -> TokenWork {
        switch request {
        case .sign:
            let algorithm = try reader.value(SignatureAlgorithm.self)
            let inputs = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.bytes() }
            return TokenWork { (token) throws(TokenError) in
                let signatures = try await token.sign(inputs, by: algorithm, with: key)
                return { writer in writer.put(signatures) { [writer] in writer.put($0) } }
            }
        case .agree:
            let publicKey = PublicKeyInfo(der: try reader.bytes())
            return TokenWork { (token) throws(TokenError) in
                let secret = try await token.agree(with: publicKey, by: key)
                return { $0.put(secret) }
            }
        case .decryptAsymmetric:
            let algorithm = try reader.value(AsymmetricEncryption.self)
            let inputs = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.bytes() }
            return TokenWork { (token) throws(TokenError) in
                let results = try await token.decrypt(inputs, by: algorithm, with: key)
                return { $0.put(results) }
            }
        default:
            let messages = try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.bytes()
            }
            return TokenWork { (token) throws(TokenError) in
                let codes = try await token.authenticate(messages, with: key)
                return { writer in writer.put(codes) { [writer] in writer.put($0) } }
            }
        }
    }
}
