import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import KeyManagement

@testable import AWSKMSAPI
@testable import HTTPServing
@testable import KMSAPI

extension FuzzTarget {
    static let httpTargets = [target, signature, cursors]

    /// The target of a request: path and query of the native API.
    private static let target = FuzzTarget("http-target") { (bytes) throws(BrokenProperty) in
        // The HTTP parser passes no other characters.
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let text = String(validating: bytes, as: UTF8.self) else {
            return
        }
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: text)
        let request = Request(head: head, body: RequestBody(buffer: .init()))
        if let query = try? ListQuery(request, takes: KeyFilterQuery.names) {
            try hold(query.values.keys.allSatisfy(KeyFilterQuery.names.contains), "a name that is not known")
            _ = try? KeyFilterQuery.filter(query)
        }
        for segment in request.uri.path.split(separator: "/") {
            guard let decoded = try? PercentDecoding.decode(segment, of: "it") else { continue }
            let encoded = decoded.utf8.map { String(format: "%%%02X", $0) }.joined()
            let again = try? PercentDecoding.decode(encoded, of: "it")
            try hold(again.map { Array($0.utf8) } == Array(decoded.utf8), "percent-encoding is not undone")
            _ = try? KeyReference(decoded)
        }
    }

    /// A request as signed by clients of AWS. The lines are method, path, query, headers, an empty line, and the body.
    private static let signature = FuzzTarget("sigv4", samples: { [signedSample] }) {
        (bytes) throws(BrokenProperty) in
        let lines = bytes.split(separator: 0x0A, maxSplits: 40, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard lines.count > 3 else { return }
        let end = lines.dropFirst(3).firstIndex(of: "") ?? lines.endIndex
        let headers = lines[3..<end].compactMap { line -> (name: String, value: String)? in
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return (String(line[..<colon]), String(line[line.utf8.index(after: colon)...]))
        }
        let body = lines[end...].dropFirst().joined(separator: "\n")
        let signed = try? SignatureV4.read(
            method: lines[0], path: lines[1], query: lines[2], headers: headers, body: Array(body.utf8), now: signedAt)
        if let signed { try hold(signed.signature.count == 32, "a signature of \(signed.signature.count) bytes") }
        var (once, twice): ([UInt8], [UInt8]) = ([], [])
        CanonicalQuery.append(lines[2], to: &once)
        CanonicalQuery.append(String(decoding: once, as: UTF8.self), to: &twice)
        try hold(once == twice, "the canonical query is not canonical")
        var path: [UInt8] = []
        CanonicalPath.append(lines[1], to: &path)
        let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        try hold(path.first == UInt8(ascii: "/"), "the canonical path does not begin with a slash")
        try hold(segments.dropLast().allSatisfy { !$0.isEmpty }, "the canonical path has an empty segment")
        _ = HTTPDate.timestamp(lines[1])
    }

    private static let signedAt = Timestamp(basic: "20150830T123600Z".utf8) ?? Timestamp(milliseconds: 0)

    private static let signedSample = Array(
        """
        POST
        /a/../b/%20c/
        b=2&a=1&a=0
        Host:kms.example.com
        X-Amz-Date:20150830T123600Z
        X-Amz-Target:TrentService.Encrypt
        Authorization:AWS4-HMAC-SHA256 Credential=AKIAABCDEFGHIJKLMNOP/20150830/eu-central-1/kms/aws4_request, \
        SignedHeaders=host;x-amz-date;x-amz-target, Signature=\(String(repeating: "0a", count: 32))

        {"KeyId":"alias/a"}
        """.utf8)

    /// The cursors of lists.
    private static let cursors = FuzzTarget("cursor", maxLength: 512, samples: { cursorSamples }) {
        (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        if let cursor = StoreCursor(text) {
            let again = StoreCursor(cursor.description)
            try hold(again == cursor, "the cursor of a store is read as another one")
        }
    }

    private static let cursorSamples = [
        StoreCursor.start.description, "key.t64656661756c74.n7.b00ff", "blob", "blob.n1", "blob.n1.b00ff",
    ].map { Array($0.utf8) }
}
