internal import Logging

extension KeyService {
    /// Reads a record of the directory, lets `edit` say what becomes of it, seals and stores it. When somebody else was faster, it
    /// is done again on the new state.
    ///
    /// - Parameters:
    ///   - added: what is added with the change, all or nothing.
    ///   - edit: changes the record, whose revision it leaves alone; false when there is nothing to change.
    func changeDirectory<Record: RevisedRecord>(
        _ type: Record.Type, _ key: String, _ verb: Verb, by principal: Principal, in project: ProjectID? = nil,
        _ notes: ActNotes, notFound: KMSError, adding added: [any DirectoryRecord] = [],
        _ edit: (inout Record) throws(KMSError) -> Bool
    ) async throws(KMSError) -> Record {
        for _ in 0..<32 {
            guard var record = try await records.directoryRecord(type, key) else { throw notFound }
            guard try edit(&record) else { return record }
            record.revision += 1
            record.changedAt = clock.now
            if try await save(added + [record], verb, by: principal, in: project, notes) { return record }
        }
        throw .conflict
    }

    /// Adds a record of the directory.
    ///
    /// - Throws: ``KMSError/nameTaken(_:)`` when there is, or was, one of that name.
    func addToDirectory(
        _ record: some DirectoryRecord, _ verb: Verb, by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        let existing = try await atStore { () throws(StoreError) in
            try await store.document(record.document.kind, record.key)
        }
        guard existing == nil, try await save(record, verb, by: principal, notes) else { throw .nameTaken(record.key) }
    }

    /// - Returns: false when somebody else was faster.
    func save(
        _ record: some DirectoryRecord, _ verb: Verb, by principal: Principal, in project: ProjectID? = nil,
        _ notes: ActNotes
    ) async throws(KMSError) -> Bool {
        try await save([record], verb, by: principal, in: project, notes)
    }

    /// Saves several records, all or nothing. The last one is what the act is about.
    ///
    /// - Returns: false when somebody else was faster with one of them.
    func save(
        _ changed: [any DirectoryRecord], _ verb: Verb, by principal: Principal, in project: ProjectID? = nil,
        _ notes: ActNotes
    ) async throws(KMSError) -> Bool {
        let documents = try await keepingOversight(changed).map(\.document)
        for document in documents where document.content.count > DirectoryDocument.longestContent {
            throw .invalidRequest("the record of \(document.sealedName) would be longer than 64 KiB")
        }
        let sealedDocuments = try await sealed(documents)
        try await announce(documents.map { .init($0) }, verb, by: principal, in: project, notes)
        do throws(StoreError) {
            try await store.save(sealedDocuments)
            notes.confirmChange()
            records.noteChange()
            for document in documents { logChange(of: document, verb, by: principal) }
            return true
        } catch {
            records.noteChange()
            guard error == .conflict else { throw KMSError(error) }
            return false
        }
    }

    private func logChange(of document: DirectoryDocument, _ verb: Verb, by principal: Principal) {
        logger.info(
            "directory changed",
            metadata: [
                "record": "\(document.sealedName)", "revision": "\(document.revision)", "verb": "\(verb.rawValue)",
                "subject": "\(principal.subject)", "request": "\(principal.requestID)",
            ])
    }

    /// One page of a kind of records, sorted by name. What was deleted is left out, so a page may have fewer than `limit`.
    func listDirectory<Record: DirectoryRecord>(
        _ type: Record.Type, of parent: String? = nil, after cursor: String?, limit: PageLimit,
        where isWanted: (Record) -> Bool
    ) async throws(KMSError) -> Page<Record, String> {
        let stored = try await records.read { () throws(StoreError) in
            try await store.documents(Record.kind, of: parent, after: cursor, limit: limit.count + 1)
        }
        let page: [Record] = try await records.verified(Array(stored.prefix(limit.count)))
        let next = stored.count > limit.count ? page.last?.key : nil
        return Page(items: page.filter(isWanted), next: next)
    }
}

/// A record that changes.
protocol RevisedRecord: DirectoryRecord {
    var revision: UInt64 { get set }
    var changedAt: Timestamp { get set }
}

extension ProjectRecord: RevisedRecord {}
extension SubjectRecord: RevisedRecord {}
extension GroupRecord: RevisedRecord {}
extension AccessKeyRecord: RevisedRecord {}
