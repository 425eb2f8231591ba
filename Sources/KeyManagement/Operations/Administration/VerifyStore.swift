/// What the store has, each record of which has its seal.
public struct StoreReport: Hashable, Sendable {
    public var directory = 0
    public var keys = 0
    public var versions = 0
    public var aliases = 0
    /// Records that are not what was sealed, or do not fit together.
    public var findings: [String] = []
}

extension KeyService {
    /// Goes through all of the store and checks the seal of each record of the directory, key, version and alias, and that keys and
    /// versions agree. Other work goes on; what is changed meanwhile is checked as it is when its turn comes.
    ///
    /// - Parameter progress: told after each page how many records were checked.
    /// - Throws: when the token or the store cannot be used; what is wrong with a record is in the report.
    public func verifyStore(progress: (_ records: Int) -> Void = { _ in }) async throws(KMSError) -> StoreReport {
        var report = StoreReport()
        var projects: [ProjectID] = []
        for kind in DirectoryKind.allCases {
            var cursor: String?
            repeat {
                let after = cursor
                let page = try await records.read { () throws(StoreError) in
                    try await store.documents(kind, of: nil, after: after, limit: 500)
                }
                try await note(page.map(records.claim), in: &report)
                report.directory += page.count
                if kind == .project { projects += page.compactMap { try? ProjectID($0.unverified.key) } }
                cursor = page.count == 500 ? page.last?.unverified.key : nil
                progress(report.count)
            } while cursor != nil
        }
        for project in projects {
            try await verifyKeys(of: project, &report, progress)
            try await verifyAliases(of: project, &report)
        }
        progress(report.count)
        return report
    }

    private func verifyKeys(
        of project: ProjectID, _ report: inout StoreReport, _ progress: (Int) -> Void
    ) async throws(KMSError) {
        var cursor: KeyName?
        repeat {
            let after = cursor
            let page = try await records.read { () throws(StoreError) in
                try await store.keys(in: project, after: after, limit: 500)
            }
            try await note(page.map(records.claim), in: &report)
            report.keys += page.count
            for key in page { try await verifyVersions(of: key.unverified, &report) }
            cursor = page.count == 500 ? page.last?.unverified.name : nil
            progress(report.count)
        } while cursor != nil
    }

    private func verifyVersions(of key: KeyRecord, _ report: inout StoreReport) async throws(KMSError) {
        var cursor: VersionNumber?
        repeat {
            let before = cursor
            let page = try await records.read { () throws(StoreError) in
                try await store.versions(of: key.id, before: before, limit: 500)
            }
            try await note(page.map(records.claim), in: &report)
            report.versions += page.count
            for version in page.map(\.unverified)
            where !version.belongs(to: key) || key.versions[version.id.number] != version.ledgerEntry {
                report.findings.append("\(version.sealedName) is not as its key says")
            }
            cursor = page.count == 500 ? page.last?.unverified.id.number : nil
        } while cursor != nil
    }

    private func verifyAliases(of project: ProjectID, _ report: inout StoreReport) async throws(KMSError) {
        var cursor: KeyName?
        repeat {
            let after = cursor
            let page = try await records.read { () throws(StoreError) in
                try await store.aliases(in: project, of: nil, after: after, limit: 500)
            }
            try await note(page.map(records.claim), in: &report)
            report.aliases += page.count
            cursor = page.count == 500 ? page.last?.unverified.name : nil
        } while cursor != nil
    }

    /// Checks seals; one by one when there is a wrong one among them, so that it has a name.
    private func note(_ claims: [VerifiedRecords.Claim], in report: inout StoreReport) async throws(KMSError) {
        do throws(KMSError) {
            try await records.verify(claims)
        } catch {
            guard case .recordTampered(let name) = error else { throw error }
            guard claims.count > 1 else {
                report.findings.append("\(name) is not what was sealed")
                return
            }
            for claim in claims { try await note([claim], in: &report) }
        }
    }
}

extension StoreReport {
    fileprivate var count: Int { directory + keys + versions + aliases }
}
