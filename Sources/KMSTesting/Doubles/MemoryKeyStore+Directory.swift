public import KeyManagement
internal import Synchronization

extension MemoryKeyStore {
    static func save(_ documents: [Sealed<DirectoryDocument>], in rows: inout Rows) throws(StoreError) {
        for document in documents {
            let name = DocumentName(kind: document.unverified.kind, key: document.unverified.key)
            let current = rows.documents[name]?.unverified
            guard (current?.revision ?? 0) + 1 == document.unverified.revision,
                current.map({ $0.parent == document.unverified.parent }) ?? true
            else { throw .conflict }
            if let current = rows.documents[name] { rows.register(.document(current)) }
            rows.documents[name] = document
        }
    }

    public func document(
        _ kind: DirectoryKind, _ key: String
    ) async throws(StoreError) -> Sealed<DirectoryDocument>? {
        try meetFault()
        return rows.withLock { $0.documents[DocumentName(kind: kind, key: key)] }
    }

    public func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>] {
        try meetFault()
        func precedes(_ lhs: String, _ rhs: String) -> Bool { lhs.utf8.lexicographicallyPrecedes(rhs.utf8) }
        let documents = rows.withLock { Array($0.documents.values) }
            .filter { document in
                document.unverified.kind == kind && (parent == nil || document.unverified.parent == parent)
                    && cursor.map { precedes($0, document.unverified.key) } ?? true
            }
            .sorted { precedes($0.unverified.key, $1.unverified.key) }
        return Array(documents.prefix(limit))
    }

    public func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            try Self.save(documents, in: &rows)
            try Self.apply(state, in: &rows)
        }
    }

    public func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try write { (rows) throws(StoreError) in rows.credentialUses.merge(uses) { max($0, $1) } }
    }

    public func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try meetFault()
        return rows.withLock { $0.credentialUses[credential] }
    }
}
