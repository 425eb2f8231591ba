internal import Logging

extension OperationContext {
    /// Reads a directory record, lets `edit` change it, seals the result and stores it. After a concurrent change it retries on
    /// the new state.
    ///
    /// - Parameters:
    ///   - type: the type of the record.
    ///   - key: the key of the record.
    ///   - notFound: the error if there is no such record.
    ///   - added: records that are added with the change, all or nothing.
    ///   - edit: changes the record, except for its revision; returns false if there is nothing to change.
    func changeDirectory<Record: RevisedRecord>(
        _ type: Record.Type, _ key: String, notFound: KMSError, adding added: [any DirectoryRecord] = [],
        _ edit: (inout Record) throws(KMSError) -> Bool
    ) async throws(KMSError) -> Record {
        for _ in 0..<32 {
            guard var record = try await records.directoryRecord(type, key) else { throw notFound }
            guard try edit(&record) else { return record }
            record.revision += 1
            record.changedAt = now
            if try await save(added + [record]) { return record }
        }
        throw .conflict
    }

    /// Adds a directory record.
    ///
    /// - Throws: ``KMSError/nameTaken(_:)`` if a record of that name exists or existed.
    func addToDirectory(
        _ record: some DirectoryRecord
    ) async throws(KMSError) {
        let existing = try await records.newestDocument(record.document.kind, record.key)
        guard existing == nil, try await save(record) else { throw .nameTaken(record.key) }
    }

    /// Saves one record.
    ///
    /// - Returns: false if a concurrent change was stored first.
    func save(
        _ record: some DirectoryRecord
    ) async throws(KMSError) -> Bool {
        try await save([record])
    }

    /// Saves several records, all or nothing. The last one is the record that the operation concerns.
    ///
    /// - Returns: false if a concurrent change of one of them was stored first.
    func save(
        _ changed: [any DirectoryRecord]
    ) async throws(KMSError) -> Bool {
        let documents = try await service.keepingOversight(changed).map(\.document)
        for document in documents where document.content.count > DirectoryDocument.maxContentLength {
            throw .invalidRequest("the record of \(document.sealedName) would be longer than 64 KiB")
        }
        let outcome = try await service.state.commit(
            documents.flatMap { StateEdit.store($0) }, sealing: documents.map(\.canonicalBytes)
        ) { (steps) throws(KMSError) in
            recorder.announce(steps)
            try await announce(documents.map { .init($0) })
        } _: {
            (seals, state) throws(StoreError) in
            try await store.save(zip(documents, seals).map { Sealed(unverified: $0, seal: $1) }, state: state)
        }
        records.noteChange()
        switch outcome {
        case .success(let committed):
            recorder.confirm(committed.steps)
            recorder.confirmChange()
            for document in documents { logChange(of: document) }
            return true
        case .failure(.conflict): return false
        case .failure(let error): throw KMSError(error)
        }
    }

    private func logChange(of document: DirectoryDocument) {
        logger.info(
            "directory changed",
            metadata: [
                "record": "\(document.sealedName)", "revision": "\(document.revision)",
                "verb": "\(announcedVerb.rawValue)",
                "subject": "\(principal.subject)", "request": "\(principal.requestID)",
            ])
    }
}

extension KeyService {
    /// Returns one page of the records of a kind, sorted by name.
    ///
    /// One call reads at most 10,000 records. So a page may have fewer than `limit` items, or none, and still be followed by
    /// another.
    ///
    /// - Parameters:
    ///   - type: the type of the records.
    ///   - list: the name of the list, for its cursors.
    ///   - parent: the parent of the records; `nil` for records of all parents.
    ///   - cursor: the end of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of records.
    ///   - principal: the principal that the cursors are bound to.
    ///   - isWanted: returns false for records to leave out.
    func listDirectory<Record: DirectoryRecord>(
        _ type: Record.Type, _ list: [String], of parent: String? = nil, after cursor: ListCursor?, limit: PageLimit,
        for principal: Principal, where isWanted: (Record) -> Bool
    ) async throws(KMSError) -> Page<Record> {
        let scope = ListScope(list, for: principal)
        var place = try await place(of: cursor, in: scope)
        var found: [Record] = []
        var looked = 0
        while true {
            let start = place
            let stored = try await records.read { () throws(StoreError) in
                try await reader.documents(Record.kind, of: parent, after: start, limit: limit.count + 1)
            }
            looked += stored.count
            let page: [Record] = try await records.verified(stored)
            found += page.filter(isWanted)
            place = page.last?.key ?? place
            let isLast = stored.count <= limit.count
            guard isLast || found.count > limit.count || looked >= 10_000 else { continue }
            let items = Array(found.prefix(limit.count))
            let next = found.count > limit.count ? items.last?.key : isLast ? nil : place
            return Page(items: items, next: try await self.cursor(at: next, in: scope))
        }
    }

    /// Calls `body` for each record of a kind, sorted by name.
    func eachRecord<Record: DirectoryRecord>(
        _ type: Record.Type, of parent: String? = nil, _ body: (Record) async throws(KMSError) -> Void
    ) async throws(KMSError) {
        var place: String?
        while true {
            let start = place
            let stored = try await records.read { () throws(StoreError) in
                try await reader.documents(Record.kind, of: parent, after: start, limit: 1000)
            }
            let page: [Record] = try await records.verified(stored)
            for record in page { try await body(record) }
            guard stored.count == 1000, let last = page.last else { return }
            place = last.key
        }
    }
}

/// A directory record that can change.
protocol RevisedRecord: DirectoryRecord {
    var revision: UInt64 { get set }
    var changedAt: Timestamp { get set }
}

extension ProjectRecord: RevisedRecord {}
extension SubjectRecord: RevisedRecord {}
extension GroupRecord: RevisedRecord {}
extension AccessKeyRecord: RevisedRecord {}
