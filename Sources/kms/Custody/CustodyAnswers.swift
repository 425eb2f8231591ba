// The API's answers about roots and custody.

struct RootsAnswer: Codable {
    struct Root: Codable {
        let epoch: UInt32
        let latest: Bool
        let inToken: Bool
        let checkValue: String?
        let madeAt: String?
        let closedAt: String?
        let destroyedAt: String?
        let wrappedKeys: UInt64
        let sealedRecords: UInt64
    }

    let roots: [Root]

    /// The number of records that are sealed under an epoch earlier than the latest.
    var left: UInt64 { roots.filter { !$0.latest }.reduce(0) { $0 + $1.sealedRecords } }
    var total: UInt64 { roots.reduce(0) { $0 + $1.sealedRecords } }
    var latest: UInt32 { roots.first { $0.latest }?.epoch ?? 0 }

    var table: Table {
        var table = Table("EPOCH", "LATEST", "IN TOKEN", "KEYS", "RECORDS", "MADE", "DESTROYED")
        for root in roots {
            table.add(
                "\(root.epoch)", root.latest ? "yes" : "no", root.inToken ? "yes" : "no", "\(root.wrappedKeys)",
                "\(root.sealedRecords)", root.madeAt ?? "-", root.destroyedAt ?? "-")
        }
        return table
    }
}

struct SignedDocumentAnswer: Codable {
    /// The document, its signature and the audit key, all in base64.
    let content: String
    let signature: String
    let auditKey: String
}

struct StoreReportAnswer: Codable {
    let checked: UInt64
    let total: UInt64
    let findings: [String]
    let next: String?
}
