import Crypto

/// The name that a caller gives to one request, so that it can be retried: 1 to 255 visible ASCII characters.
///
/// It is the `Idempotency-Key` of draft-ietf-httpapi-idempotency-key-header.
package struct IdempotencyKey: Hashable, Sendable {
    package let text: String

    package static let maxLength = 255

    /// Creates a key.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text cannot be one.
    package init(_ text: String) throws(KMSError) {
        guard (1...Self.maxLength).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalidRequest("an idempotency key has 1 to \(Self.maxLength) visible characters of ASCII")
        }
        self.text = text
    }
}

/// An idempotent request: a repetition gets the first answer.
package struct IdempotentRequest: Sendable {
    package let key: IdempotencyKey
    /// SHA-256 of the whole request. A different request under the same key is an error.
    package let digest: [UInt8]
    /// The function that writes the answer for the caller, once the change is known.
    package let answer: @Sendable (ChangedKey) -> [UInt8]

    package init(key: IdempotencyKey, digest: [UInt8], answer: @escaping @Sendable (ChangedKey) -> [UInt8]) {
        self.key = key
        self.digest = digest
        self.answer = answer
    }
}

/// The identity of an idempotent request: SHA-256 over project, subject and idempotency key.
package struct IdempotentRequestID: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ key: IdempotencyKey, of caller: Caller) {
        var encoding = CanonicalEncoding(domain: "hsm-kms/idempotency/1")
        encoding.append(1, caller.project.text)
        encoding.append(2, caller.subject.text)
        encoding.append(3, key.text)
        bytes = Array(SHA256.hash(data: encoding.bytes))
    }
}

/// The first answer to an idempotent request, stored in the transaction of the change that it reports. It contains no secrets.
package struct IdempotentAnswer: Hashable, Sendable, Sealable {
    package let id: IdempotentRequestID
    package let requestDigest: [UInt8]
    /// The answer: at most 64 KiB.
    package let answer: [UInt8]
    package let createdAt: Timestamp

    package init(id: IdempotentRequestID, requestDigest: [UInt8], answer: [UInt8], createdAt: Timestamp) {
        self.id = id
        self.requestDigest = requestDigest
        self.answer = answer
        self.createdAt = createdAt
    }

    package var sealedName: String { "a stored answer" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/answer/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, id.bytes)
        encoding.append(2, requestDigest)
        encoding.append(3, answer)
        encoding.append(4, createdAt.milliseconds)
        return encoding.bytes
    }
}

/// A key after a change, with the version that the change concerned.
package struct ChangedKey: Hashable, Sendable {
    package let key: KeyRecord
    /// The version; `nil` if the change concerned the key as a whole.
    package let version: VersionRecord?

    package init(key: KeyRecord, version: VersionRecord? = nil) {
        self.key = key
        self.version = version
    }
}

/// The outcome of a request for a change.
package enum ChangeOutcome: Sendable {
    case changed(ChangedKey)
    /// A dry run: the key and the version as the change would have left them, and the effects. Nothing was changed.
    case planned(ChangedKey, ChangeImpact)
    /// The first answer to a request that was repeated.
    case repeated([UInt8])
}
