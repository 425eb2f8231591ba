internal import KeyManagement

extension LineScanner {
    mutating func entry() throws(LineError) -> AuditEntry {
        try expect(",\"time\":")
        let time = try self.time()
        try expect(",\"request\":")
        let request = try string()
        let subject = try field(",\"subject\":") { (text) throws(KMSError) in try SubjectID(text) }
        let authentication = take(",\"authentication\":") ? try string() : nil
        let source = take(",\"source\":") ? try string() : nil
        let project = try field(",\"project\":") { (text) throws(KMSError) in try ProjectID(text) }
        try expect(",\"verb\":")
        let verb = try string()
        let (key, version) = try self.version()
        let uses = take(",\"uses\":[") ? try self.uses() : []
        try expect(",\"outcome\":")
        guard let outcome = AuditEntry.Outcome(rawValue: try string()) else { throw LineError("no such outcome") }
        try expect(",\"code\":")
        let code = try string()
        try expect(",\"reason\":")
        var entry = AuditEntry(
            time: time, requestID: request, subject: subject, verb: verb, outcome: outcome, code: code,
            reason: try string())
        entry.authentication = authentication
        entry.source = source
        entry.project = project
        entry.key = key
        entry.version = version
        entry.uses = uses
        if take(",\"context\":") { entry.contextDigest = try hex(32) }
        entry.changes = try changes()
        if take(",\"state\":[") { entry.state = try state() }
        if take(",\"details\":{") { entry.details = try details() }
        return entry
    }

    private mutating func field<Name>(
        _ name: StaticString, _ make: (String) throws(KMSError) -> Name
    ) throws(LineError) -> Name? {
        guard take(name) else { return nil }
        let text = try string()
        do throws(KMSError) {
            return try make(text)
        } catch {
            throw LineError("\(error.logDetail)")
        }
    }

    private mutating func version() throws(LineError) -> (KeyID?, VersionNumber?) {
        var key: KeyID?
        var version: VersionNumber?
        if take(",\"key\":") {
            guard let id = KeyID(try string()) else { throw LineError("the key's id is none") }
            key = id
        }
        if take(",\"version\":") {
            guard let value = UInt32(exactly: try number()), let number = VersionNumber(value) else {
                throw LineError("the version's number is none")
            }
            version = number
        }
        return (key, version)
    }

    private mutating func uses() throws(LineError) -> [AuditEntry.Use] {
        var uses: [AuditEntry.Use] = []
        repeat {
            try expect("{\"succeeded\":")
            let succeeded = Int(clamping: try count())
            try expect(",\"failed\":")
            let failed = Int(clamping: try count())
            let (key, version) = try self.version()
            try expect("}")
            uses.append(AuditEntry.Use(key: key, version: version, succeeded: succeeded, failed: failed))
        } while take(",")
        try expect("]")
        return uses
    }

    private mutating func state() throws(LineError) -> [StateStep] {
        var steps: [StateStep] = []
        repeat {
            try expect("[")
            guard let shard = ShardIndex(Int(clamping: try count())) else { throw LineError("there is no such shard") }
            try expect(",")
            steps.append(StateStep(shard: shard, counter: try count()))
            try expect("]")
        } while take(",")
        try expect("]")
        return steps
    }

    private mutating func changes() throws(LineError) -> [AuditEntry.ChangedRecord] {
        if take(",\"change\":") { return [try change()] }
        guard take(",\"changes\":[") else { return [] }
        var changes: [AuditEntry.ChangedRecord] = []
        repeat { changes.append(try change()) } while take(",")
        try expect("]")
        return changes
    }

    private mutating func change() throws(LineError) -> AuditEntry.ChangedRecord {
        try expect("{\"kind\":")
        let kind = try string()
        try expect(",\"id\":")
        let id = try string()
        try expect(",\"revision\":")
        let revision = try number()
        try expect(",\"digest\":")
        let digest = try hex(32)
        try expect("}")
        return AuditEntry.ChangedRecord(kind: kind, id: id, revision: revision, digest: digest)
    }

    private mutating func details() throws(LineError) -> [String: String] {
        var details: [String: String] = [:]
        repeat {
            let name = try string()
            try expect(":")
            details[name] = try string()
        } while take(",")
        try expect("}")
        return details
    }
}
