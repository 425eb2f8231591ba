/// The root key sets.
public struct RootsAnswer: Codable, Sendable {
    public struct Root: Codable, Sendable {
        public let epoch: UInt32
        public let latest: Bool
        public let inToken: Bool
        public let checkValue: String?
        public let madeAt: String?
        public let closedAt: String?
        public let destroyedAt: String?
        public let wrappedKeys: UInt64
        public let sealedRecords: UInt64
    }

    public let roots: [Root]

    /// The number of records that are sealed under an epoch earlier than the latest.
    public var left: UInt64 { roots.filter { !$0.latest }.reduce(0) { $0 + $1.sealedRecords } }
    /// The number of sealed records.
    public var total: UInt64 { roots.reduce(0) { $0 + $1.sealedRecords } }
    /// The latest epoch; 0 if there is none.
    public var latest: UInt32 { roots.first { $0.latest }?.epoch ?? 0 }
}

/// A document that the audit key signed.
public struct SignedDocumentAnswer: Codable, Sendable {
    public let content: Base64Bytes
    public let signature: Base64Bytes
    /// The public half of the audit key, SubjectPublicKeyInfo in DER.
    public let auditKey: Base64Bytes
}

/// A part of the verification of the store.
public struct StoreReportAnswer: Codable, Sendable {
    public let checked: UInt64
    public let total: UInt64
    public let findings: [String]
    public let next: String?
}
