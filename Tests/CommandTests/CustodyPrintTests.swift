import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// Custody documents as people read them: printed by Chromium on A4, and as text of 80 columns.
@Suite struct CustodyPrintTests {
    /// A machine with a report of three keys, whose audit log has a checkpoint.
    private static func machineWithReport() async throws -> Machine {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        for body in [#"{"name":"invoices"}"#, #"{"name":"payments"}"#, #"{"name":"r","algorithm":"EC-P256"}"#] {
            #expect(try await service.request("POST", "/keys", body).status == 201)
        }
        #expect(try await service.request("POST", "/keys/invoices/rotate").status == 200)
        #expect(await service.stop() == 0)
        // The service has written a checkpoint when it ended.
        try await withService(on: machine) { service in
            let made = try await service.kms("custody", "report", "--out", machine.path("custody.json"), as: "admin")
            #expect(made.status == 0, "\(made.errors)")
        }
        return machine
    }

    private static let hardNames = [
        String(repeating: "w", count: 128), String(repeating: "鍵", count: 42), "支払い用の鍵", "مفاتيح الدفع", "שלום עולם",
        "<script>alert(1)</script>", "many words that go on ", "a/b:c_d", "&amp;", "'quoted' \"twice\"",
    ]

    /// The report with 200 keys of hard names and 60 checkpoints. Its signature does not fit any more.
    private static func enlarge(_ report: [String: Any]) throws -> [String: Any] {
        var large = report
        let keys = try #require(report["keys"] as? [[String: Any]])
        large["keys"] = try (0..<200).map { number in
            var key = keys[number % keys.count]
            key["name"] = number < hardNames.count ? hardNames[number] : "key-\(number)"
            let versions = try #require(key["versions"] as? [[String: Any]])
            key["versions"] = versions.map { version in
                version.merging(["blobSHA256": hexadecimal(32), "state": "pendingDestruction"]) { $1 }
            }
            return key
        }
        let checkpoint = try #require((report["checkpoints"] as? [String])?.first)
        large["checkpoints"] = (0..<60).map { checkpoint.replacing(#""entries":"#, with: #""entries":\#($0)"#) }
        return large
    }

    private static func hexadecimal(_ count: Int) -> String {
        (0..<count).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
    }

    private static func json(_ machine: Machine, _ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: machine.path(name)))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    // MARK: Printing

    /// The text of a page as Chromium prints it, without blanks and marks of direction.
    private struct Printed {
        let text: String
        let pages: Int
    }

    /// Prints a page, and checks that each of its pages is A4 and that no word is beyond the margins.
    private static func print(_ machine: Machine, _ page: String) async throws -> Printed {
        let pdf = machine.path("page.pdf")
        let printed = try await machine.run(
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            "--user-data-dir=\(machine.path("chromium"))", "--print-to-pdf=\(pdf)", "file://\(page)")
        try #require(printed.status == 0, "is Chromium installed? scripts/install does it: \(printed.errors)")
        let boxes = try await machine.run("pdftotext", "-bbox", pdf, "-")
        try #require(boxes.status == 0, "\(boxes.errors)")
        let pages = boxes.text.matches(of: /<page width="([0-9.]+)" height="([0-9.]+)">/)
        // A4 is 210 mm by 297 mm, and a point is 1/72 inch. The margin is 18 mm.
        let points = 72 / 25.4
        for page in pages {
            let (width, height) = (try #require(Double(page.1)), try #require(Double(page.2)))
            #expect(abs(width - 210 * points) < 1 && abs(height - 297 * points) < 1)
        }
        for word in boxes.text.matches(of: /<word xMin="([0-9.-]+)" yMin="[0-9.-]+" xMax="([0-9.-]+)".*>(.*)<\/word>/) {
            let (left, right) = (try #require(Double(word.1)), try #require(Double(word.2)))
            #expect(left > 18 * points - 1 && right < 192 * points + 1, "'\(word.3)' is cut off at the margin")
        }
        let text = try await machine.run("pdftotext", "-raw", pdf, "-")
        return Printed(text: withoutBlanks(text.text), pages: pages.count)
    }

    private static func withoutBlanks(_ text: String) -> String {
        let marks: ClosedRange<Unicode.Scalar> = "\u{202A}"..."\u{202E}"
        var result = String.UnicodeScalarView()
        result.append(
            contentsOf: text.unicodeScalars.filter { !$0.properties.isWhitespace && !marks.contains($0) })
        return String(result)
    }

    @Test func `a report prints whole on A4: verdict, digest, signature, commands, each key and each checkpoint`()
        async throws
    {
        let machine = try await Self.machineWithReport()
        let printed = try await Self.print(machine, machine.path("custody.json.html"))
        let digest = try await machine.run("sha256sum", machine.path("custody.json"))
        let signature = try Data(contentsOf: URL(filePath: machine.path("custody.json.sig"))).base64EncodedString()
        for text in [
            "PASS: all keys are held as required", String(digest.text.prefix(64)), signature, "Verified by", "Date",
            "kms custody verify custody.json --audit-key audit.pem", "Page \(printed.pages) of \(printed.pages)",
            "invoices", "payments", "CKA_NEVER_EXTRACTABLE",
        ] {
            #expect(printed.text.contains(Self.withoutBlanks(text)), "\(text)")
        }
        let report = try Self.json(machine, "custody.json")
        for checkpoint in try #require(report["checkpoints"] as? [String]) {
            #expect(printed.text.contains(Self.withoutBlanks(checkpoint)), "\(checkpoint)")
        }
        // The digest is at the foot of every page.
        let feet = printed.text.components(separatedBy: "SHA-256" + digest.text.prefix(64)).count - 1
        #expect(feet >= printed.pages)
    }

    @Test func `200 keys with long names in many scripts print whole`() async throws {
        let machine = try await Self.machineWithReport()
        let large = try Self.enlarge(try Self.json(machine, "custody.json"))
        try machine.write(
            String(decoding: try JSONSerialization.data(withJSONObject: large), as: UTF8.self), to: "large.json")
        let page = try await machine.succeed("custody", "show", machine.path("large.json"), "--html")
        #expect(!page.text.contains("<script"))
        try machine.write(page.text, to: "large.html")
        let printed = try await Self.print(machine, machine.path("large.html"))
        for key in try #require(large["keys"] as? [[String: Any]]) {
            // Words one by one, because a PDF has those of a script that is written from the right in the order of the page.
            for word in try #require(key["name"] as? String).split(separator: " ") {
                #expect(printed.text.contains(word), "\(word)")
            }
            for version in try #require(key["versions"] as? [[String: Any]]) {
                let digest = try #require(version["blobSHA256"] as? String)
                #expect(printed.text.contains(digest), "\(digest)")
            }
        }
        for checkpoint in try #require(large["checkpoints"] as? [String]) {
            #expect(printed.text.contains(Self.withoutBlanks(checkpoint)), "\(checkpoint)")
        }
    }

    @Test func `a certificate and a transcript print whole, and a changed page does not verify`() async throws {
        let machine = try await Self.machineWithReport()
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        let certificate = machine.path("epoch-1.json")
        try await withService(on: machine) { service in
            #expect(try await service.kms("root", "rotate", as: "admin").status == 0)
            let retired = try await service.kms("root", "retire", "1", "--out", certificate, "--yes", as: "admin")
            #expect(retired.status == 0, "\(retired.errors)")
        }
        let printed = try await Self.print(machine, certificate + ".html")
        let content = try Self.json(machine, "epoch-1.json")
        #expect(printed.text.contains("PASS:therootkeysofepoch1weredestroyed"))
        #expect(printed.text.contains("--epoch1"))
        for blob in try #require(content["unreadable"] as? [[String: Any]]) {
            let digest = try #require(blob["sha256"] as? String)
            #expect(printed.text.contains(digest))
        }
        let verify = ["custody", "verify", certificate, "--audit-key", machine.path("audit.pem")]
        #expect(try await machine.kms(verify[0], verify[1], verify[2], verify[3], verify[4]).status == 0)
        for (suffix, old, new) in [(".html", "PASS", "FAIL"), (".txt", "epoch 1", "epoch 9")] {
            let form = try String(contentsOfFile: certificate + suffix, encoding: .utf8)
            try machine.write(form.replacing(old, with: new), to: "epoch-1.json\(suffix)")
            let refused = try await machine.kms(verify[0], verify[1], verify[2], verify[3], verify[4])
            #expect(refused.status == 11 && refused.errors.contains("does not say"), "\(refused.errors)")
            try machine.write(form, to: "epoch-1.json\(suffix)")
        }

        let out = machine.path("rehearsal")
        let rehearsed = try await machine.kms("ceremony", "rehearse", "hsm-config/ceremony.yaml", "--out", out)
        #expect(rehearsed.status == 0, "\(rehearsed.errors)")
        let transcript = try await Self.print(machine, out + "/transcript.json.html")
        for text in ["REHEARSAL", "PASS:all7stepswerecompleted", "Custodianann", "Ceremonyleader", "Witness"] {
            #expect(transcript.text.contains(text), "\(text)")
        }
    }

    // MARK: Text and verdict

    @Test func `text has 80 columns, and no character of a name reaches the terminal as a command`() async throws {
        let machine = try await Self.machineWithReport()
        var large = try Self.enlarge(try Self.json(machine, "custody.json"))
        var keys = try #require(large["keys"] as? [[String: Any]])
        keys[9]["name"] = "red \u{1B}[31m, turned \u{202E}round"
        large["keys"] = keys
        try machine.write(
            String(decoding: try JSONSerialization.data(withJSONObject: large), as: UTF8.self), to: "large.json")
        let text = try await machine.succeed("custody", "show", machine.path("large.json")).text
        #expect(text.contains(#"red \u{1B}[31m, turned \u{202E}round"#))
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        for line in text.split(separator: "\n") {
            let wide = line.unicodeScalars.count { (0x3000...0x9FFF).contains($0.value) }
            #expect(line.count + wide <= 80, "\(line)")
        }
        let page = try await machine.succeed("custody", "show", machine.path("large.json"), "--html").text
        #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
    }

    @Test func `a report with a finding fails in its first line, and so does a trial that was not refused`()
        async throws
    {
        let machine = try await Self.machineWithReport()
        let report = try Self.json(machine, "custody.json")
        #expect(try await show(machine, report).contains("\nPASS: all keys are held as required\n"))
        let finding = "kms-root-wrap-1: CKA_EXTRACTABLE is true"
        let bad = try await show(machine, report.merging(["findings": [finding]]) { $1 })
        #expect(bad.contains("\nFAIL: 1 finding\n") && bad.contains(finding), "\(bad.prefix(1000))")
        // Findings that somebody removed do not make it pass.
        var profiles = try #require(report["profiles"] as? [[String: Any]])
        profiles[0]["trials"] = [["attempt": "reveal its value", "isRefused": false]]
        let silent = try await show(machine, report.merging(["profiles": profiles]) { $1 })
        #expect(silent.contains("\nFAIL: ") && silent.contains("NOT REFUSED"), "\(silent.prefix(1000))")
        let page = try await machine.succeed("custody", "show", machine.path("shown.json"), "--html").text
        #expect(page.contains("verdict fail") && page.contains("no shown.json.sig"))
    }

    private func show(_ machine: Machine, _ report: [String: Any]) async throws -> String {
        try machine.write(
            String(decoding: try JSONSerialization.data(withJSONObject: report), as: UTF8.self), to: "shown.json")
        return try await machine.succeed("custody", "show", machine.path("shown.json")).text
    }

    @Test func `what is no custody document is not shown`() async throws {
        let machine = try await Machine(isReady: false)
        try machine.write(#"{"document":"something else"}"#, to: "other.json")
        let refused = try await machine.kms("custody", "show", machine.path("other.json"))
        #expect(
            refused.status == 9 && refused.errors.contains("other.json is neither a custody report"),
            "\(refused.errors)")
    }
}
