internal import KeyManagement
import SecretMemory

/// Writes the values of the `Token` port into a frame.
struct WireWriter {
    private let buffer: WireBuffer

    init(_ buffer: WireBuffer) {
        self.buffer = buffer
    }

    func put(_ number: UInt8) { buffer.append(number) }
    func put(_ number: UInt32) { buffer.append(number) }
    func put(_ number: UInt64) { buffer.append(number) }
    func put(count: Int) { buffer.append(UInt32(truncatingIfNeeded: count)) }

    func put(_ bytes: UnsafeRawBufferPointer) {
        put(count: bytes.count)
        buffer.append(bytes)
    }

    func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }
    func put(_ secret: SecretBytes) { secret.withUnsafeBytes { put($0) } }

    func put(_ text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    /// Writes the text of an error, truncated to the length that the other process reads.
    func put(message text: String) {
        var text = Substring(text.prefix(WireLimits.message))
        while text.utf8.count > WireLimits.message { text.removeLast() }
        put(String(text))
    }

    func put<Item>(_ items: [Item], _ body: (Item) -> Void) {
        put(count: items.count)
        for item in items { body(item) }
    }

    func put<Value>(_ value: Value?, _ body: (Value) -> Void) {
        put(value == nil ? UInt8(0) : 1)
        if let value { body(value) }
    }

    func put(_ id: VersionID) {
        put(id.key.bytes)
        put(id.number.value)
    }

    func put(_ key: VersionKey) {
        put(key.id)
        put(key.algorithm.rawValue)
        put(key.usage.rawValue)
        put(key.wrapped)
    }

    func put(_ wrapped: WrappedKey) {
        put(wrapped.mechanism.rawValue)
        put(wrapped.epoch.number)
        put(wrapped.blob)
    }

    func put(_ box: SealedBox) {
        put(box.nonce)
        put(box.ciphertextAndTag)
    }

    func put(_ seal: Seal) {
        put(seal.epoch.number)
        put(seal.code)
    }

    func put(_ key: NewKey) {
        put(key.wrapped)
        put(key.publicKey) { put($0.der) }
        put(key.checkValue) { put($0.bytes) }
    }

    func put(_ results: [TokenResult<SecretBytes>]) {
        put(results) { result in
            switch result {
            case .success(let secret):
                put(Frame.Answer.done.rawValue)
                put(secret)
            case .failure(let error): put(error)
            }
        }
    }

    func put(_ error: TokenError) {
        let (answer, text) = error.wire
        put(answer.rawValue)
        put(message: text)
    }

    func put(_ job: ImportJob) {
        put(job.id.bytes)
        put(job.project.text)
        put(job.subject.text)
        put(job.wrappingAlgorithm.rawValue)
        put(job.method.rawValue)
        put(job.publicKey.der)
        put(job.wrapped)
        put(UInt64(bitPattern: job.createdAt.milliseconds))
        put(UInt64(bitPattern: job.expiresAt.milliseconds))
    }

    func put(_ material: ImportMaterial) {
        put(material.algorithm.rawValue)
        put(material.usage.rawValue)
        put(material.wrapped)
        put(material.publicKey) { put($0.der) }
    }

    func put(_ key: KeyToRewrap) {
        put(key.name)
        put(key.algorithm.rawValue)
        switch key.purpose {
        case .version(let usage): put(usage.rawValue)
        case .importJob: put("")
        }
        put(key.wrapped)
        put(key.publicKey) { put($0.der) }
    }

    func put(_ identity: TokenIdentity) {
        put(identity.label)
        put(identity.serialNumber)
        put(identity.checkValues.sorted { $0.key < $1.key }) {
            put($0.key.number)
            put($0.value)
        }
    }
}

extension TokenError {
    /// The answer's encoding of the error.
    var wire: (Frame.Answer, String) {
        switch self {
        case .busy(let what): (.busy, what)
        case .unavailable(let what): (.unavailable, what)
        case .rejected: (.rejected, "")
        case .unwrapFailed(let what): (.unwrapFailed, what)
        case .unsupported(let what): (.unsupported, what)
        case .failed(let what): (.failed, what)
        }
    }

    init?(_ answer: Frame.Answer, _ text: String) {
        switch answer {
        case .busy: self = .busy(text)
        case .unavailable: self = .unavailable(text)
        case .rejected: self = .rejected
        case .unwrapFailed: self = .unwrapFailed(text)
        case .unsupported: self = .unsupported(text)
        case .failed: self = .failed(text)
        case .done: return nil
        }
    }
}
