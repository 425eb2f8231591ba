import Encodings

extension KeyService {
    /// Examines each root and each version in the token, tries each operation that must be refused, and returns the signed
    /// report.
    ///
    /// It takes about 20 calls to the token for each version, a few versions at a time, so that other requests are served in
    /// between.
    ///
    /// - Throws: ``KMSError/unsupported(_:)`` if the token has no audit key.
    package func custodyReport(by principal: Principal) async throws(KMSError) -> SignedDocument {
        try await withAudit(.reportCustody, by: principal) { (operation) throws(KMSError) in
            guard let auditKey = tokenInformation.auditKey else { throw Self.noAuditKey }
            let facts = try await tokenInformation.facts()
            let rootKeys = try await atToken { () throws(TokenError) in try await operation.token.examineRoots() }
            let gathered = try await gatherVersions(for: operation)
            try await requireAllRecords()
            let checkpoints: [String]
            do throws(AuditError) {
                checkpoints = try await audit.checkpoints(limit: 1000)
            } catch {
                throw KMSError(error)
            }
            let report = CustodyReport(
                madeAt: clock.now, madeFor: principal.subject.text, token: facts,
                roots: try await rootStatuses().map { CustodyReport.Root($0) }, rootKeys: rootKeys, gathered: gathered,
                checkpoints: checkpoints, auditKey: auditKey)
            operation.recorder.note {
                $0.details["versions"] = "\(report.versionsExamined)"
                $0.details["findings"] = "\(report.findings.count)"
            }
            return try await operation.signed(report)
        }
    }

    /// Throws if records are missing. A key whose row was removed leaves no reference, so only the number of records shows it.
    private func requireAllRecords() async throws(KMSError) {
        let totals = try await atStore { () throws(StoreError) in try await reader.stateTotals() }
        try await state.verify(totals)
        guard let finding = totals.finding else { return }
        throw state.tampered(finding)
    }

    private func gatherVersions(for operation: OperationContext) async throws(KMSError) -> CustodyReport.Gathered {
        var gathered = CustodyReport.Gathered()
        var cursor: RecordPlace?
        repeat {
            let after = cursor
            let page = try await records.read { () throws(StoreError) in
                try await reader.records(of: .key, before: .last, after: after, limit: 256)
            }
            try await records.verify(page.map(records.claim))
            for case .key(let key) in page {
                // The present key; `nil` if it was deleted meanwhile.
                guard let key = try await records.key(key.unverified.id) else { continue }
                try await gatherVersions(of: key, &gathered, for: operation)
            }
            cursor = page.count >= 256 ? page.last?.place : nil
        } while cursor != nil
        return gathered
    }

    private func gatherVersions(
        of key: KeyRecord, _ gathered: inout CustodyReport.Gathered, for operation: OperationContext
    ) async throws(KMSError) {
        var versions: [(VersionRecord, KeyExamination?)] = []
        var cursor: VersionNumber?
        repeat {
            let before = cursor
            let page = try await records.read { () throws(StoreError) in
                try await reader.versions(of: key.id, before: before, limit: 8)
            }
            try await records.verify(page.map(records.claim))
            let newest = try await records.newest(page.map(\.unverified), of: key.id)
            let keys = newest.compactMap(VersionKey.init)
            var examinations: [KeyExamination] = []
            if !keys.isEmpty {
                examinations = try await atToken { () throws(TokenError) in try await operation.token.examine(keys) }
            }
            let byKey = Dictionary(examinations.map { ($0.key, $0) }) { first, _ in first }
            versions += newest.map { ($0, byKey[$0.id.description]) }
            cursor = page.count == 8 ? page.last?.unverified.id.number : nil
        } while cursor != nil
        gathered.add(key, versions: versions.reversed())
    }
}

extension VersionKey {
    /// Creates a version key for examination, not for use, in any state of the version; `nil` if it has no wrapped key.
    fileprivate init?(_ version: VersionRecord) {
        guard let wrapped = version.life.wrapped else { return nil }
        self.init(id: version.id, algorithm: version.algorithm, usage: version.usage, wrapped: wrapped)
    }
}

extension CustodyReport.Root {
    fileprivate init(_ status: RootStatus) {
        self.init(
            epoch: status.epoch.number, isLatest: status.isLatest, isInToken: status.isInToken,
            checkValue: status.record.map { Hexadecimal.text($0.checkValue) },
            madeAt: status.record?.madeAt.description, closedAt: status.record?.closedAt?.description,
            destroyedAt: status.record?.destroyedAt?.description, wrappedKeys: status.use.wrapped,
            sealedRecords: status.use.sealed)
    }
}
