internal import KeyManagement

extension LineWriter {
    /// Writes the fields of an operation. Nil and empty fields are left out.
    mutating func entry(_ entry: AuditEntry) {
        raw(",\"time\":")
        time(entry.time)
        raw(",\"request\":")
        string(entry.requestID)
        field(",\"subject\":", entry.subject?.text)
        field(",\"authentication\":", entry.authentication)
        field(",\"source\":", entry.source)
        field(",\"project\":", entry.project?.text)
        raw(",\"verb\":")
        string(entry.verb)
        version(entry.key, entry.version)
        if !entry.uses.isEmpty { uses(entry.uses) }
        raw(",\"outcome\":")
        string(entry.outcome.rawValue)
        raw(",\"code\":")
        string(entry.code)
        raw(",\"reason\":")
        string(entry.reason)
        if let digest = entry.contextDigest {
            raw(",\"context\":")
            hex(digest)
        }
        changes(entry.changes)
        if !entry.state.isEmpty { state(entry.state) }
        if !entry.details.isEmpty { details(entry.details) }
    }

    private mutating func field(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        raw(name)
        string(text)
    }

    private mutating func version(_ key: KeyID?, _ version: VersionNumber?) {
        if let key {
            raw(",\"key\":")
            string(key.description)
        }
        if let version {
            raw(",\"version\":")
            number(UInt64(version.value))
        }
    }

    private mutating func uses(_ uses: [AuditEntry.Use]) {
        raw(",\"uses\":[")
        for (index, use) in uses.enumerated() {
            if index > 0 { raw(",") }
            raw("{\"succeeded\":")
            number(UInt64(max(0, use.succeeded)))
            raw(",\"failed\":")
            number(UInt64(max(0, use.failed)))
            version(use.key, use.version)
            raw("}")
        }
        raw("]")
    }

    /// Writes the number and the counter of each shard.
    private mutating func state(_ steps: [StateStep]) {
        raw(",\"state\":[")
        for (index, step) in steps.enumerated() {
            raw(index > 0 ? ",[" : "[")
            number(UInt64(step.shard.number))
            raw(",")
            number(step.counter)
            raw("]")
        }
        raw("]")
    }

    /// Writes one record as `change`, as every version of the service has done, and more than one as the list `changes`.
    private mutating func changes(_ changes: [AuditEntry.ChangedRecord]) {
        guard let first = changes.first else { return }
        guard changes.count > 1 else {
            raw(",\"change\":")
            return change(first)
        }
        raw(",\"changes\":[")
        for (index, change) in changes.enumerated() {
            if index > 0 { raw(",") }
            self.change(change)
        }
        raw("]")
    }

    private mutating func change(_ change: AuditEntry.ChangedRecord) {
        raw("{\"kind\":")
        string(change.kind)
        raw(",\"id\":")
        string(change.id)
        raw(",\"revision\":")
        number(change.revision)
        raw(",\"digest\":")
        hex(change.digest)
        raw("}")
    }

    /// Writes details sorted by the bytes of their names.
    private mutating func details(_ details: [String: String]) {
        raw(",\"details\":{")
        let sorted = details.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (index, detail) in sorted.enumerated() {
            if index > 0 { raw(",") }
            string(detail.key)
            raw(":")
            string(detail.value)
        }
        raw("}")
    }
}
