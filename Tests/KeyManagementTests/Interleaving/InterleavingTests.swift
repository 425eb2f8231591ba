import Foundation
import KMSTesting
import Synchronization
import Testing

@testable import KeyManagement

/// Each operation that takes a reference, while another client acts between every two of its calls to the store.
@Suite
struct InterleavingTests {
    @Test(arguments: VerbCase.all)
    func `whatever a rival does between two calls, an operation is done to the key it was authorised for, or fails`(
        _ verb: VerbCase
    ) async throws {
        let scene = try await verb.scene()
        var successes = 0
        for rival in Rival.allCases {
            var place = 0
            var isOver = false
            while !isOver {
                place += 1
                try #require(place < 500, "\(verb.signature) does not end")
                let run = Run(
                    scene, naming: try rival.reference(scene),
                    by: try Scene.caller("manager", approval: scene.approval))
                let trial = Trial(verb: verb, rival: rival, place: place, run: run)
                if try await trial.judge() { successes += 1 }
                isOver = run.interleaving.callCount < place
            }
        }
        // The one operation that this token cannot perform, and that must not have been done.
        #expect(verb.signature == "decrypt(_:under:by:)" ? successes == 0 : successes >= Rival.allCases.count)
    }

    @Test func `the table has every function that takes a reference, and none that is gone`() throws {
        let sources = URL(filePath: #filePath).appending(path: "../../../../Sources/KeyManagement").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var declared: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            declared.formUnion(Signatures.takingReferences(in: text))
        }
        #expect(declared.count > 40)
        #expect(Set(VerbCase.all.map(\.signature)) == declared)
    }
}

/// One run, and the checks of its result.
struct Trial {
    let verb: VerbCase
    let rival: Rival
    let place: Int
    let run: Run

    private var comment: Comment { "\(verb.signature) \(verb.note), a rival \(rival.rawValue) before call \(place)" }

    /// - Returns: true if the operation was done.
    func judge() async throws -> Bool {
        let before = try await run.contents()
        let interrupted = Mutex<Run.Contents?>(nil)
        let (run, rival) = (run, rival)
        run.interleaving.interrupt(at: place) {
            await rival.act(in: run)
            let contents = try? await run.contents()
            interrupted.withLock { $0 = contents }
        }
        let result = await outcome()
        let expected = interrupted.withLock { $0 } ?? before
        let now = try await run.contents()
        expectOwnMaterial(in: now)
        guard case .success(let answer) = result else {
            #expect(now == expected, "what failed has changed something: \(comment)")
            return false
        }
        try await expectOneKey(answer, expected, now)
        let versions = before.versions.merging(expected.versions) { $1 }.merging(now.versions) {
            $1.life.wrapped == nil ? $0 : $1
        }
        #expect(try await answer.isTrue(versions, run.scene.token), "\(comment)")
        if verb.reportsCustody { try await expectTrueReport(of: now) }
        return true
    }

    private func outcome() async -> Result<Answer, KMSError> {
        do {
            return .success(try await verb.run(run))
        } catch let error as KMSError {
            #expect(error.code != .recordTampered && error.code != .internalFailure, "\(error): \(comment)")
            return .failure(error)
        } catch {
            Issue.record(error, comment)
            return .failure(.conflict)
        }
    }

    /// Verifies that the first key that was read and authorised is the one in the answer and in the audit log. No other key may
    /// change.
    private func expectOneKey(_ answer: Answer, _ expected: Run.Contents, _ now: Run.Contents) async throws {
        let authorized = try #require(run.interleaving.keysRead.first, comment)
        #expect(Set(answer.keys).isSubset(of: [authorized]), "the answer names another key: \(comment)")
        let entry = try #require(run.audit.entries.last { $0.outcome == .succeeded }, comment)
        #expect(entry.key == authorized, "the audit log names another key: \(comment)")
        if verb.needsApproval != nil {
            #expect(authorized == run.scene.target.id, "an approval was spent on another key: \(comment)")
        }
        for key in Set(expected.keys.keys).union(now.keys.keys) where key != authorized {
            #expect(now.part(of: key) == expected.part(of: key), "another key was changed: \(comment)")
        }
        let foreign = { (alias: AliasRecord) in alias.key != authorized }
        #expect(
            now.aliases.values.filter(foreign).map(\.name.text).sorted()
                == expected.aliases.values.filter(foreign).map(\.name.text).sorted(), "\(comment)")
    }

    /// Verifies that each version has material that the token made or imported for exactly this version.
    private func expectOwnMaterial(in contents: Run.Contents) {
        for version in contents.versions.values {
            #expect(contents.keys[version.id.key].map { version.belongs(to: $0) } == true, "\(comment)")
            guard let wrapped = version.life.wrapped else { continue }
            let birth = SpyToken.Birth(algorithm: version.algorithm, usage: version.usage, origin: version.origin)
            #expect(run.scene.token.birth(of: wrapped) == birth, "the material of another key: \(comment)")
        }
    }

    private func expectTrueReport(of contents: Run.Contents) async throws {
        let signed = try await run.other.custodyReport(by: try Scene.caller("admin").principal)
        let report = try CustodyReport(json: signed.content)
        for key in report.keys {
            let id = try #require(KeyID(key.id))
            let blobs = contents.versions.values.filter { $0.id.key == id }.compactMap(\.life.wrapped)
            #expect(
                blobs.allSatisfy { run.scene.token.birth(of: $0)?.origin.rawValue == key.origin },
                "the custody report lies: \(comment)")
        }
    }
}

/// A search for functions in source text.
enum Signatures {
    /// Returns the functions that other modules may call and that take a reference: base name and labels.
    static func takingReferences(in text: String) -> [String] {
        text.components(separatedBy: "package func ").dropFirst().compactMap { (rest) -> String? in
            guard let open = rest.firstIndex(of: "(") else { return nil }
            var (depth, parameters, labels) = (0, "", [String]())
            for character in rest[open...] {
                if character == "(" || character == "[" { depth += 1 }
                if character == ")" || character == "]" { depth -= 1 }
                if depth == 0 || (depth == 1 && character == ",") {
                    labels.append(label(parameters))
                    if depth == 0 { break }
                    parameters += ","
                    continue
                }
                parameters.append(character)
            }
            guard parameters.contains(": KeyReference") else { return nil }
            return String(rest[..<open]) + "(" + labels.map { $0 + ":" }.joined() + ")"
        }
    }

    /// Returns the external name of the last of these parameters.
    private static func label(_ parameters: String) -> String {
        var (depth, last) = (0, "")
        for character in parameters.dropFirst() {
            if character == "(" || character == "[" { depth += 1 }
            if character == ")" || character == "]" { depth -= 1 }
            if depth == 0, character == "," { last = "" } else { last.append(character) }
        }
        return String(last.trimmingCharacters(in: .whitespacesAndNewlines).prefix { !$0.isWhitespace && $0 != ":" })
    }
}
