/// The result of verifying the store, or a part of it.
package struct StoreReport: Hashable, Sendable {
    /// The number of records verified.
    package var checked = 0
    /// The number of records of all kinds at the time of the check.
    package var total = 0
    /// The records that are not as they were sealed, that do not fit together, or that are older than the audit log says.
    package var findings: [String] = []
    /// The position of the next part; `nil` if the whole store is verified.
    package var next: StoreCursor?
}

extension KeyService {
    /// Verifies a part of the store: the seal of each record, and that records which reference each other agree. The last part
    /// also verifies that the store is as new as the audit log says.
    ///
    /// Other work continues; a record that changes meanwhile is verified in its state at that time.
    ///
    /// - Parameters:
    ///   - cursor: the end of the previous part.
    ///   - limit: the approximate number of records.
    ///   - principal: the principal that asks.
    /// - Throws: if the token or the store cannot be used. Defects of records are in the report.
    package func verifyStore(
        from cursor: StoreCursor, limit: PageLimit, by principal: Principal
    ) async throws(KMSError) -> StoreReport {
        try await withAudit(.verifyStore, by: principal, details: ["from": cursor.description]) {
            (operation) throws(KMSError) in
            var report = try await checkStore(from: cursor, limit: limit.count)
            report.total = try await atStore { () throws(StoreError) in try await reader.epochUses() }
                .reduce(0) { $0 + $1.value.sealed }
            if report.next == nil {
                report.findings += try await missing()
                do throws(AuditError) {
                    let witnessed = try await audit.witnessedRecords(limit: 10_000)
                    report.findings += try await setBack(witnessed)
                } catch {
                    throw KMSError(error)
                }
            }
            operation.recorder.note { $0.details["findings"] = "\(report.findings.count)" }
            return report
        }
    }

    private func setBack(_ witnessed: [WitnessedRecord]) async throws(AuditError) -> [String] {
        do throws(KMSError) {
            return try await checkWitness(witnessed).map {
                "\($0.kind) \($0.id) was set back: \($0.finding)"
            }
        } catch .recordTampered(let name) {
            return ["\(name) fails its seal or is outdated, and cannot be compared with the audit log"]
        } catch {
            throw .unavailable("the store cannot be held against the audit log: \(error.logDetail)")
        }
    }

    /// Verifies the whole store, for an operator with the store and the token. Nothing is recorded.
    ///
    /// - Parameter progress: called after each part with the number of records verified.
    package func verifyStore(progress: (_ records: Int) -> Void = { _ in }) async throws(KMSError) -> StoreReport {
        var all = StoreReport()
        var cursor: StoreCursor? = .start
        while let from = cursor {
            let part = try await checkStore(from: from, limit: 500)
            all.checked += part.checked
            all.findings += part.findings
            cursor = part.next
            progress(all.checked)
        }
        all.findings += try await missing()
        all.total = all.checked
        return all
    }

    private func checkStore(from cursor: StoreCursor, limit: Int) async throws(KMSError) -> StoreReport {
        switch cursor.place {
        case .records(let kind, let after): try await checkRecords(of: kind, after: after, limit: limit)
        case .blobs(let epoch, let after): try await checkBlobs(from: epoch, after: after, limit: limit)
        }
    }

    private func checkRecords(
        of kind: RecordKind, after: RecordPlace?, limit: Int
    ) async throws(KMSError) -> StoreReport {
        var report = StoreReport()
        let page: RecordPage
        do throws(StoreError) {
            page = try await reader.page(of: kind, before: .last, after: after, limit: limit)
        } catch .malformed(let name) {
            // A row that the store itself cannot read ends its kind, because the rows after it cannot be located.
            report.findings.append(
                "\(name) is not what was sealed, nor can it be read; others of its kind were not checked")
            report.next = .behind(kind)
            return report
        } catch {
            throw KMSError(error)
        }
        report.checked = page.records.count + page.unreadable.count
        report.findings = page.unreadable.map { "\($0) is not what was sealed, nor can it be read" }
        report.findings += try await records.unsealed(page.records)
        report.findings += try await outdated(page.records, of: kind, after: after, limit)
        for record in page.records { try await checkReferences(of: record, &report) }
        report.next = page.next.map { StoreCursor(.records(kind, after: $0)) } ?? .behind(kind)
        return report
    }

    private func checkBlobs(
        from epoch: RootEpoch?, after: [UInt8]?, limit: Int
    ) async throws(KMSError) -> StoreReport {
        let page = try await foreignBlobs(from: epoch, after: after, limit: limit)
        var report = StoreReport()
        report.findings = page.findings
        report.next = page.next
        return report
    }

    // MARK: References

    private func checkReferences(of record: StoredRecord, _ report: inout StoreReport) async throws(KMSError) {
        switch record {
        case .key(let key): try await checkVersions(of: key.unverified, &report)
        case .version(let version): try await check(version.unverified, &report)
        case .alias(let alias):
            let key = try await stored(alias.unverified.key, with: .none)?.key.unverified
            if key?.project != alias.unverified.project {
                report.findings.append("\(alias.unverified.sealedName) names a key that its project does not have")
            }
        case .tombstone(let tombstone):
            if try await stored(tombstone.unverified.id, with: .none) != nil {
                report.findings.append("key \(tombstone.unverified.id) was deleted, and is there again")
            }
        case .usage(let usage):
            let id = usage.unverified.version
            if try await stored(id.key, with: .number(id.number))?.version == nil {
                report.findings.append("\(usage.unverified.sealedName) is of a version that is not there")
            }
        case .document(let document):
            if !document.unverified.isConsistent {
                report.findings.append(
                    "\(document.unverified.sealedName) stands under another name or revision than was sealed")
            }
        case .importJob, .answer, .shard: break
        }
    }

    /// Checks that no version is missing. Existing versions are checked in their own turn.
    private func checkVersions(of key: KeyRecord, _ report: inout StoreReport) async throws(KMSError) {
        guard let latest = VersionNumber(key.versions.count) else { return }
        if try await stored(key.id, with: .number(latest))?.version == nil {
            report.findings.append("\(VersionID(key: key.id, number: latest)) is missing")
        }
    }

    private func check(_ version: VersionRecord, _ report: inout StoreReport) async throws(KMSError) {
        // Both are read in one transaction, which may be later than that of the page.
        guard let now = try await stored(version.id.key, with: .number(version.id.number)) else {
            report.findings.append("\(version.sealedName) is of a key that is not there")
            return
        }
        let key = now.key.unverified
        guard let current = now.version?.unverified, current.belongs(to: key),
            key.versions[version.id.number] == current.ledgerEntry
        else {
            report.findings.append("\(version.sealedName) disagrees with its key's record")
            return
        }
        guard let before = version.id.number.value > 1 ? VersionNumber(version.id.number.value - 1) : nil,
            try await stored(key.id, with: .number(before))?.version == nil
        else { return }
        report.findings.append("\(VersionID(key: key.id, number: before)) is missing")
    }

    private func stored(_ id: KeyID, with choice: VersionChoice) async throws(KMSError) -> StoredKey? {
        do throws(StoreError) {
            return try await reader.key(id, with: choice)
        } catch .malformed {
            return nil
        } catch {
            throw KMSError(error)
        }
    }
}
