import Foundation
import KMSTesting
import KeyManagement
import Testing

@testable import AuditFiles

@Suite struct ExportTests {
    private static let line = AuditLine(
        number: 42, previous: .none, content: .operation(TestChain.fullEntry()))

    @Test func `OCSF has what API Activity requires`() throws {
        var entry = TestChain.fullEntry()
        entry.details["dryRun"] = "true"
        let text = OCSFEvent.text(Self.line, entry, productVersion: "1.0")
        let event = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        for name in [
            "activity_id", "actor", "api", "category_uid", "class_uid", "metadata", "severity_id", "src_endpoint",
            "time", "type_uid",
        ] { #expect(event[name] != nil, "\(name)") }
        #expect(event["class_uid"] as? Int == 6003 && event["category_uid"] as? Int == 6)
        #expect(event["activity_id"] as? Int == 99 && event["activity_name"] as? String == "encrypt")
        #expect(event["type_uid"] as? Int == 600_399)
        #expect(event["status_id"] as? Int == 2)
        #expect((event["src_endpoint"] as? [String: String])?["ip"] == "192.0.2.1")
        #expect((event["resources"] as? [Any])?.count == 2)
        let unmapped = try #require(event["unmapped"] as? [String: Any])
        #expect(unmapped["detail_dryRun"] as? String == "true" && unmapped["seq"] as? Int == 42)
        #expect(!text.contains("\n"))
    }

    @Test func `every verb has a kind of activity, and the four kinds are the verbs' names`() {
        for verb in Verb.allCases {
            let activity = ActivityID(verb: verb.rawValue)
            #expect(
                activity.name(of: verb.rawValue) == (activity == .other ? verb.rawValue : "\(activity)".capitalized))
        }
        #expect(ActivityID(verb: "createKey") == .create && ActivityID(verb: "listKeys") == .read)
        #expect(ActivityID(verb: "rotateKey") == .update && ActivityID(verb: "destroy") == .delete)
        #expect(ActivityID(verb: "a verb of a later version") == .other)
    }

    @Test func `OCSF of an operation of nobody is valid JSON, too`() throws {
        var entry = TestChain.entry(1)
        entry.subject = nil
        entry.verb = "createKey"
        let text = OCSFEvent.text(Self.line, entry, productVersion: "")
        let event = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(event["type_uid"] as? Int == 600_301)
        #expect(((event["actor"] as? [String: Any])?["user"] as? [String: Any])?["name"] as? String == "unknown")
    }

    @Test func `CEF escapes what would end a field`() {
        var entry = TestChain.fullEntry()
        entry.verb = "a|b\\c"
        entry.reason = "x=1 \\ | \n next"
        let text = CEFEvent.text(Self.line, entry, productVersion: "1|0")
        #expect(text.hasPrefix("CEF:0|hsm-kms|hsm-kms|1\\|0|a\\|b\\\\c|a\\|b\\\\c denied|7|rt="))
        #expect(text.contains(" msg=x\\=1 \\\\ | \\n next suser=alice src=192.0.2.1 "))
        #expect(text.contains(" cs1=request-7 cs1Label=requestId "))
        #expect(!text.contains("\n"))
    }

    @Test func `a filter takes what fits in everything`() {
        let entry = TestChain.fullEntry()
        var filter = AuditFilter()
        #expect(filter.takes(entry))
        filter.subject = "alice"
        filter.verb = "encrypt"
        filter.outcome = .denied
        filter.project = "default"
        filter.key = KeyID(bytes: Array(1..<17))
        filter.since = entry.time
        filter.until = Timestamp(milliseconds: entry.time.milliseconds + 1)
        #expect(filter.takes(entry))
        filter.until = entry.time
        #expect(!filter.takes(entry))
        filter.until = nil
        filter.requestID = "request-8"
        #expect(!filter.takes(entry))
    }

    @Test func `who follows a chain gets each line once, over files and restarts`() async throws {
        let chain = try TestChain()
        try await chain.write(1)
        let follower = try AuditFollower(directory: chain.audit)
        #expect(try follower.next() == nil)
        try await chain.write(30) { $0.fileBytes = 2000 }
        try await chain.write(5)
        var requests: [String] = []
        while let line = try follower.next() {
            if case .operation(let entry) = line.content { requests.append(entry.requestID) }
        }
        #expect(requests == (1...30).map { "request-\($0)" } + (1...5).map { "request-\($0)" })
    }
}
