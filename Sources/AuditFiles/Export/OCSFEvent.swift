public import KeyManagement

/// Formats an operation as an event of the Open Cybersecurity Schema Framework, class API Activity (6003), version 1.3.0.
///
/// The class requires `activity_id`, `actor`, `api`, `category_uid`, `class_uid`, `metadata`, `severity_id`, `src_endpoint`, `time`,
/// `type_uid`. Fields without a place in the schema are under `unmapped`, among them the line's number and hash in the chain.
public enum OCSFEvent {
    private static let classID: UInt64 = 6003

    /// Returns one line of JSON, without a line feed.
    public static func text(_ line: AuditLine, _ entry: AuditEntry, productVersion: String) -> String {
        var writer = LineWriter(capacity: 1024)
        let activity = ActivityID(verb: entry.verb)
        writer.raw("{\"activity_id\":")
        writer.number(activity.rawValue)
        writer.raw(",\"activity_name\":")
        writer.string(activity.name(of: entry.verb))
        writer.raw(",\"category_name\":\"Application Activity\",\"category_uid\":6,\"class_name\":\"API Activity\"")
        writer.raw(",\"class_uid\":6003,\"type_uid\":")
        writer.number(classID * 100 + activity.rawValue)
        writer.raw(",\"time\":")
        writer.number(UInt64(max(0, entry.time.milliseconds)))
        writer.raw(",\"severity_id\":")
        writer.number(severity(of: entry.outcome))
        status(entry, &writer)
        writer.raw(",\"metadata\":{\"version\":\"1.3.0\",\"uid\":")
        writer.string("\(line.number)")
        writer.raw(",\"correlation_uid\":")
        writer.string(entry.requestID)
        writer.raw(",\"product\":{\"name\":\"hsm-kms\",\"vendor_name\":\"hsm-kms\",\"version\":")
        writer.string(productVersion)
        writer.raw("}}")
        actor(entry, &writer)
        api(entry, &writer)
        resources(entry, &writer)
        unmapped(line, entry, &writer)
        writer.raw("}")
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Returns the severity: informational, low for failed operations, medium for denied ones.
    private static func severity(of outcome: AuditEntry.Outcome) -> UInt64 {
        switch outcome {
        case .intended, .succeeded: 1
        case .failed: 2
        case .denied: 3
        }
    }

    private static func status(_ entry: AuditEntry, _ writer: inout LineWriter) {
        switch entry.outcome {
        case .succeeded: writer.raw(",\"status\":\"Success\",\"status_id\":1")
        case .failed, .denied: writer.raw(",\"status\":\"Failure\",\"status_id\":2")
        case .intended: writer.raw(",\"status\":\"intended\",\"status_id\":99")
        }
        writer.raw(",\"status_code\":")
        writer.string(entry.code)
        writer.raw(",\"status_detail\":")
        writer.string(entry.reason)
    }

    private static func actor(_ entry: AuditEntry, _ writer: inout LineWriter) {
        writer.raw(",\"actor\":{\"user\":{")
        if let subject = entry.subject {
            writer.raw("\"uid\":")
            writer.string(subject.text)
            writer.raw(",\"name\":")
            writer.string(subject.text)
        } else {
            writer.raw("\"name\":\"unknown\",\"type_id\":0")
        }
        if let authentication = entry.authentication {
            writer.raw(",\"credential_uid\":")
            writer.string(authentication)
        }
        writer.raw("}}")
        writer.raw(",\"src_endpoint\":{")
        if let source = entry.source {
            writer.raw("\"ip\":")
            writer.string(source)
        } else {
            writer.raw("\"svc_name\":\"kms\"")
        }
        writer.raw("}")
    }

    private static func api(_ entry: AuditEntry, _ writer: inout LineWriter) {
        writer.raw(",\"api\":{\"operation\":")
        writer.string(entry.verb)
        writer.raw(",\"request\":{\"uid\":")
        writer.string(entry.requestID)
        writer.raw("},\"response\":{\"code_name\":")
        writer.string(entry.code)
        writer.raw("},\"service\":{\"name\":\"kms\"}}")
    }

    private static func resources(_ entry: AuditEntry, _ writer: inout LineWriter) {
        let keys = [entry.key].compactMap { $0 } + entry.uses.compactMap(\.key)
        guard !keys.isEmpty else { return }
        writer.raw(",\"resources\":[")
        for (index, key) in keys.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{\"type\":\"key\",\"uid\":")
            writer.string(key.description)
            if let project = entry.project {
                writer.raw(",\"namespace\":")
                writer.string(project.text)
            }
            writer.raw("}")
        }
        writer.raw("]")
    }

    private static func unmapped(_ line: AuditLine, _ entry: AuditEntry, _ writer: inout LineWriter) {
        writer.raw(",\"unmapped\":{\"seq\":")
        writer.number(line.number)
        writer.raw(",\"hash\":")
        writer.hex(ChainHash(of: line.bytes))
        if let version = entry.version {
            writer.raw(",\"key_version\":")
            writer.number(UInt64(version.value))
        }
        for detail in entry.details.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            writer.raw(",")
            writer.string("detail_" + detail.key)
            writer.raw(":")
            writer.string(detail.value)
        }
        writer.raw("}")
    }
}
