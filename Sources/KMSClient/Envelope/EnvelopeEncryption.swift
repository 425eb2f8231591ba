import Caching
internal import Crypto
import Encodings
import FoundationEssentials
public import SecretMemory

/// Encrypts values of any length with data keys of one key, without a request for each value.
///
/// Each value is encrypted with AES-256-GCM under a data key, and stored together with the ciphertext of that data key. A data key
/// encrypts a bounded number of values for a bounded time. Data keys of values that are read are cached.
///
/// ```swift
/// let ibans = EnvelopeEncryption(key: "customers", of: client, context: ["column": "customer.iban"])
/// let stored = try await ibans.encrypt(iban.utf8, associatedData: customerID.utf8).bytes
/// ```
public actor EnvelopeEncryption {
    /// The bounds of the use of data keys.
    public struct Limits: Sendable {
        /// The most values that one data key encrypts.
        public var maxValues = 100_000
        /// The longest time that one data key encrypts values.
        public var maxAge = Duration.seconds(300)
        /// The most data keys that are cached for decryption.
        public var maxCachedKeys = 64

        public init() {}
    }

    /// A data key with its ciphertext.
    private struct DataKey: Sendable {
        let key: SymmetricKey
        let wrapped: [UInt8]
    }

    /// The data key that encrypts, or will when the service has issued it.
    private struct Current {
        let issued: Task<Result<DataKey, EnvelopeError>, Never>
        let since: ContinuousClock.Instant
        var uses = 0
    }

    private let key: String
    private let source: any DataKeySource
    private let context: NameValuePairs
    private let limits: Limits
    private let now: @Sendable () -> ContinuousClock.Instant
    private var current: Current?
    private var cache: LeastRecentlyUsed<[UInt8], SymmetricKey>

    /// Creates an instance. It issues the first data key at the first encryption.
    ///
    /// - Parameters:
    ///   - key: the key of the service, by name, alias or id.
    ///   - source: the client.
    ///   - context: the pairs that the data keys are bound to. Decryption needs the same ones.
    ///   - limits: the bounds of the use of data keys.
    ///   - now: the clock.
    /// - Precondition: `maxValues` is 1 to 2^32, the limit of AES-GCM with random nonces (NIST SP 800-38D §8.3); `maxCachedKeys` is at
    ///   least 1.
    public init(
        key: String, of source: some DataKeySource, context: NameValuePairs = [:], limits: Limits = Limits(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        precondition((1...1 << 32).contains(limits.maxValues), "a data key encrypts 1 to 2^32 values")
        self.key = key
        self.source = source
        self.context = context
        self.limits = limits
        self.now = now
        cache = LeastRecentlyUsed(capacity: limits.maxCachedKeys)
    }

    /// Encrypts a value.
    ///
    /// - Parameters:
    ///   - plaintext: the value to encrypt.
    ///   - associatedData: the place of the value, such as the id of its row. Decryption needs the same bytes, so that a value that
    ///     was moved elsewhere is detected.
    public func encrypt(
        _ plaintext: some Collection<UInt8> & Sendable, associatedData: some Collection<UInt8> & Sendable
    ) async throws(EnvelopeError) -> EncryptedValue {
        let dataKey = try await dataKeyToEncrypt()
        let nonce = AES.GCM.Nonce()
        guard let empty = EncryptedValue(wrappedDataKey: dataKey.wrapped, box: []),
            let box = try? AES.GCM.seal(
                Data(plaintext), using: dataKey.key, nonce: nonce,
                authenticating: Self.authenticated(empty.header, associatedData)),
            let combined = box.combined,
            let value = EncryptedValue(wrappedDataKey: dataKey.wrapped, box: Array(combined))
        else { throw .unusableDataKey }
        return value
    }

    /// Decrypts a value.
    ///
    /// - Throws: ``EnvelopeError/notAuthentic`` if the value was changed or is not one of this place.
    public func decrypt(
        _ value: EncryptedValue, associatedData: some Collection<UInt8> & Sendable
    ) async throws(EnvelopeError) -> SecretBytes {
        let key = try await dataKey(of: value)
        guard let box = try? AES.GCM.SealedBox(combined: value.box),
            var plaintext = try? AES.GCM.open(
                box, using: key, authenticating: Self.authenticated(value.header, associatedData))
        else { throw .notAuthentic }
        defer { plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex) }
        return SecretBytes(copying: plaintext)
    }

    /// Returns the bytes that the tag authenticates: a constant, the header, whose length is in it, and the associated data.
    private static func authenticated(_ header: [UInt8], _ associatedData: some Collection<UInt8>) -> [UInt8] {
        Array("hsm-kms envelope value".utf8) + header + associatedData
    }

    /// Returns the current data key, and counts the use. Callers at the same time share one request.
    private func dataKeyToEncrypt() async throws(EnvelopeError) -> DataKey {
        if let current, current.uses < limits.maxValues, now() - current.since < limits.maxAge {
            self.current?.uses += 1
            return try await current.issued.value.get()
        }
        let (key, source, context) = (key, source, context)
        let issued = Task { await Self.issue(key, source, context) }
        let since = now()
        current = Current(issued: issued, since: since, uses: 1)
        do {
            let dataKey = try await issued.value.get()
            cache.insert(dataKey.key, for: dataKey.wrapped)
            return dataKey
        } catch {
            // The next encryption asks again.
            if current?.issued == issued { current = nil }
            throw error
        }
    }

    private static func issue(
        _ key: String, _ source: any DataKeySource, _ context: NameValuePairs
    ) async -> Result<DataKey, EnvelopeError> {
        do throws(KMSClientError) {
            let answer = try await source.issueDataKey(for: key, size: .aes256, context: context)
            guard let plaintext = answer.plaintext, let wrapped = Base64Text.decode(answer.ciphertext) else {
                return .failure(.unusableDataKey)
            }
            return .success(DataKey(key: SymmetricKey(plaintext.bytes), wrapped: wrapped))
        } catch {
            return .failure(.service(error))
        }
    }

    private func dataKey(of value: EncryptedValue) async throws(EnvelopeError) -> SymmetricKey {
        let wrapped = value.wrappedDataKey
        if let key = cache.use(wrapped) { return key }
        let secret: SecretBytes
        do throws(KMSClientError) {
            secret = try await source.decrypt(Base64Text.encode(wrapped), key: key, context: context)
        } catch {
            throw .service(error)
        }
        let key = SymmetricKey(secret)
        cache.insert(key, for: wrapped)
        return key
    }
}

extension SymmetricKey {
    fileprivate init(_ secret: SecretBytes) {
        self = secret.withUnsafeBytes { SymmetricKey(data: $0) }
    }
}

/// The reason why a value cannot be encrypted or decrypted.
public enum EnvelopeError: Error, Sendable {
    /// The service refused or did not answer.
    case service(KMSClientError)
    /// The service issued something else than an AES data key.
    case unusableDataKey
    /// The value was changed, or belongs to another place.
    case notAuthentic
}
