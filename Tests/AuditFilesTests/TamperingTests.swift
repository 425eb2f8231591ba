import Foundation
import KMSTesting
import KeyManagement
import Testing

@testable import AuditFiles

@Suite struct TamperingTests {
    @Test(arguments: [0x01, 0x20, 0x80] as [UInt8])
    func `every byte that is changed is found`(_ mask: UInt8) async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        try await trail.append(TestChain.fullEntry())
        for number in 1...12 { try await trail.append(TestChain.entry(number)) }
        await trail.close()
        let good = try chain.bytes()
        #expect(try chain.verify(final: true).isWhole)
        for index in good.indices {
            var bad = good
            bad[index] ^= mask
            try chain.replace(with: bad)
            let report = try chain.verify()
            let line = good[..<index].count { $0 == 0x0A } + 1
            #expect(
                report.findings.contains { abs($0.line - line) <= 1 },
                "byte \(index) of line \(line): \(report.findings)")
        }
    }

    @Test func `a line changed in its canonical form is found, and is named`() async throws {
        let chain = try await ready()
        var lines = try chain.lines()
        lines[7] = lines[7].replacing("alice", with: "mallo")
        try chain.replace(lines: lines)
        #expect(try chain.verify().findings.map { "\($0.kind) \($0.line)" } == ["changed 8"])
    }

    @Test func `a removed line is found`() async throws {
        let chain = try await ready()
        var lines = try chain.lines()
        lines.remove(at: 7)
        try chain.replace(lines: lines)
        let findings = try chain.verify().findings
        #expect(findings.map { "\($0.kind) \($0.line)" } == ["removed 8"])
        #expect(findings.first?.text.contains("line 8 of the chain") == true)
    }

    @Test func `lines in another order are found`() async throws {
        let chain = try await ready()
        var lines = try chain.lines()
        lines.swapAt(7, 8)
        try chain.replace(lines: lines)
        #expect(try chain.verify().findings.map { "\($0.kind) \($0.line)" } == ["reordered 8"])
    }

    @Test func `a line put in is found, copied or made up`() async throws {
        let chain = try await ready()
        let good = try chain.lines()
        var lines = good
        lines.insert(good[4], at: 8)
        try chain.replace(lines: lines)
        #expect(try chain.verify().findings.map { "\($0.kind) \($0.line)" } == ["inserted 9"])
        lines = good
        // With the right number and hash.
        let made = AuditLine(
            number: 9, previous: ChainHash(of: Array(good[7].utf8)), content: .operation(TestChain.entry(99)))
        lines.insert(String(decoding: made.bytes, as: UTF8.self), at: 8)
        try chain.replace(lines: lines)
        #expect(try chain.verify().findings.map(\.kind) == [.inserted])
    }

    @Test func `a chain that was rewritten from a line on is found at the checkpoint`() async throws {
        let chain = try await ready()
        var lines = try chain.lines()
        lines[7] = lines[7].replacing("alice", with: "mallo")
        try chain.replace(lines: Self.relinked(lines))
        #expect(try chain.verify().findings.map(\.kind) == [.rewritten])
    }

    @Test func `a checkpoint signed by another key is found`() async throws {
        let chain = try await ready()
        #expect(try chain.verify(keys: [MemorySigner().publicKey]).findings.map(\.kind) == [.wrongKey])
        #expect(try chain.verify(keys: [MemorySigner().publicKey, chain.signer.publicKey]).isWhole)
    }

    @Test func `a signature of another checkpoint is found`() async throws {
        let chain = try await ready()
        try await chain.write(3)
        var lines = try chain.lines()
        let checkpoints = lines.indices.filter { lines[$0].contains("\"checkpoint\"") }
        let signature = try #require(lines[checkpoints[0]].firstMatch(of: /"signature":"[^"]+"/)).output
        lines[checkpoints[1]] = lines[checkpoints[1]].replacing(/"signature":"[^"]+"/, with: signature)
        try chain.replace(lines: lines)
        #expect(try chain.verify().findings.map(\.kind) == [.badSignature])
    }

    @Test func `the end cut off behind a published checkpoint is found, a cut elsewhere with the count`() async throws {
        let chain = try await ready()
        let published = try #require(try AuditReader(directory: chain.audit).latestCheckpoint()).text
        #expect(try chain.verify(published: [published]).publishedFound == 1)
        let lines = try chain.lines()
        try chain.replace(lines: lines.dropLast(3))
        #expect(try chain.verify(published: [published, ""]).findings.map(\.kind) == [.cutOff])
        // Without it the change cannot be detected, but no checkpoint covers these lines.
        let report = try chain.verify()
        #expect(report.isWhole && report.uncoveredLines == UInt64(lines.count - 3))
        #expect(try chain.verify(final: true).findings.map(\.kind) == [.uncovered])
    }

    @Test func `a chain that was begun anew with the same key is found by a published checkpoint`() async throws {
        let chain = try await ready()
        let published = try #require(try AuditReader(directory: chain.audit).latestCheckpoint()).text
        try FileManager.default.removeItem(atPath: chain.audit)
        try await chain.write(20)
        #expect(try chain.verify().isWhole)
        #expect(try chain.verify(published: [published]).findings.map(\.kind) == [.notPublished])
    }

    @Test func `a published checkpoint has to be genuine`() async throws {
        let chain = try await ready()
        let other = try await ready()
        let foreign = try #require(try AuditReader(directory: other.audit).latestCheckpoint()).text
        #expect(try chain.verify(published: [foreign]).findings.map(\.kind) == [.badSignature])
        #expect(try chain.verify(published: ["nothing"]).findings.map(\.kind) == [.notPublished])
    }

    @Test func `a missing file is found, at the beginning, in the middle and under another name`() async throws {
        let chain = try TestChain()
        try await chain.write(60) { $0.fileBytes = 2000 }
        let manager = FileManager.default
        try manager.moveItem(atPath: chain.file(3), toPath: chain.folder + "/3")
        #expect(try chain.verify().findings.map { "\($0.kind) \($0.file)" } == ["missingFile audit-00000003.jsonl"])
        try manager.copyItem(atPath: chain.file(2), toPath: chain.file(3))
        #expect(try chain.verify().findings.contains { $0.kind == .wrongFile && $0.file == "audit-00000003.jsonl" })
        try manager.removeItem(atPath: chain.file(3))
        try manager.moveItem(atPath: chain.folder + "/3", toPath: chain.file(3))
        try manager.removeItem(atPath: chain.file(1))
        #expect(try chain.verify().findings.map(\.kind) == [.missingFile])
        // Archived, as the operator states.
        #expect(try chain.verify(from: 2).isWhole)
    }

    @Test func `a file of another chain is found`() async throws {
        let chain = try TestChain()
        try await chain.write(30) { $0.fileBytes = 2000 }
        let other = try TestChain()
        try await other.write(30) { $0.fileBytes = 2000 }
        try chain.replace(2, with: other.bytes(2))
        #expect(try chain.verify().findings.contains { $0.kind == .wrongFile && $0.file == "audit-00000002.jsonl" })
    }

    @Test func `bytes behind the end are found`() async throws {
        let chain = try await ready()
        let good = try chain.bytes()
        try chain.replace(with: good + Array("x".utf8))
        #expect(try chain.verify().findings.map(\.kind) == [.unfinished])
        try chain.replace(with: good + Array("x\n".utf8))
        #expect(try chain.verify().findings.map(\.kind) == [.malformed])
        try chain.replace(with: good + [UInt8](repeating: 0x20, count: 3 << 20) + [0x0A])
        #expect(try chain.verify().findings.map(\.kind) == [.malformed])
    }

    @Test func `OpenSSL and sha256sum verify a checkpoint without us`() async throws {
        let chain = try await ready()
        try chain.signer.pem.write(toFile: chain.folder + "/key.pem", atomically: true, encoding: .utf8)
        // As documented in the article.
        let answer = try Shell.run(
            """
            cd '\(chain.folder)'
            line=$(grep '"type":"checkpoint"' audit/audit-00000001.jsonl | tail -n 1)
            signed=${line#*'"type":"checkpoint",'}; signed=${signed%',"signature":"'*}
            signature=${line##*'"signature":"'}; signature=${signature%'"}'}
            printf %s "$signature" | base64 -d > signature.der
            printf 'hsm-kms/audit-checkpoint/1\\n%s' "$signed" | openssl dgst -sha256 -verify key.pem -signature signature.der
            through=${signed#*'"through":'}; through=${through%%,*}
            hash=${signed#*'"hash":"'}; hash=${hash%%'"'*}
            grep "^{\\"seq\\":$through," audit/audit-00000001.jsonl | tr -d '\\n' | sha256sum | grep -c "$hash"
            """)
        #expect(answer == "Verified OK\n1\n")
    }

    @Test func `numbers so large that they cannot be counted on are findings, not crashes`() async throws {
        let chain = try await ready()
        let good = try chain.lines()
        for number in [
            "0", "4611686018427387903", "4611686018427387904", "18446744073709551615", "99999999999999999999",
        ] {
            for line in [0, 5, good.count - 1] {
                for field in ["seq", "entries", "through", "file"] {
                    var lines = good
                    guard let match = lines[line].firstMatch(of: try Regex("\"\(field)\":[0-9]+")) else { continue }
                    lines[line].replaceSubrange(match.range, with: "\"\(field)\":\(number)")
                    guard lines != good else { continue }
                    try chain.replace(lines: lines)
                    #expect(try !chain.verify().isWhole, "\(field) \(number) in line \(line + 1)")
                    await #expect(throws: AuditOpenError.self) { await (try chain.open()).close() }
                }
            }
        }
        try chain.replace(lines: good)
        for name in ["audit-18446744073709551615.jsonl", "audit-1.jsonl", "audit-00000000.jsonl", "notes"] {
            _ = FileManager.default.createFile(atPath: "\(chain.audit)/\(name)", contents: Data("x".utf8))
        }
        #expect(try chain.verify().isWhole)
    }

    @Test func `a shell and sha256sum follow the links without us`() async throws {
        let chain = try TestChain()
        try await chain.write(30) { $0.fileBytes = 2000 }
        let lines = try chain.lines(2)
        let follow = """
            cd '\(chain.audit)'
            prev=0000000000000000000000000000000000000000000000000000000000000000
            cat audit-*.jsonl | while IFS= read -r line; do
                case $line in *"\\"prev\\":\\"$prev\\""*) ;; *) echo "broken before: $line"; break ;; esac
                prev=$(printf %s "$line" | sha256sum | cut -c 1-64)
            done
            """
        #expect(try Shell.run(follow) == "")
        try chain.replace(2, lines: lines.map { $0.replacing("request-9\"", with: "request-8\"") })
        #expect(try Shell.run(follow).hasPrefix("broken before: {\"seq\":"))
    }

    /// Returns a chain of 20 entries that ends in a checkpoint.
    private func ready() async throws -> TestChain {
        let chain = try TestChain()
        try await chain.write(20)
        return chain
    }

    /// Returns the lines with recomputed hashes, as an attacker with write access to the files would make them.
    private static func relinked(_ lines: [String]) throws -> [String] {
        var previous = ChainHash.none
        return try lines.map { text in
            let line = try AuditLine(bytes: Array(text.utf8))
            let new = AuditLine(number: line.number, previous: previous, content: line.content)
            previous = ChainHash(of: new.bytes)
            return String(decoding: new.bytes, as: UTF8.self)
        }
    }
}
