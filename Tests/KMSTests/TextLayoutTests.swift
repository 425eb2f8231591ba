import Foundation
import Testing

@testable import kms

/// Tables, lists of properties and times, as text for people.
@Suite struct TextLayoutTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static let distances: [(Double, String)] = [
        (0, "now"), (0.9, "now"), (-1, "1 second ago"), (119, "in 119 seconds"), (120, "in 2 minutes"),
        (-7199, "120 minutes ago"), (7200, "in 2 hours"), (172_799, "in 48 hours"), (7_767_360, "in 90 days"),
        (31_449_600, "in 364 days"), (-94_608_000, "3 years ago"),
    ]

    @Test(arguments: distances) func `a distance in time is in the largest unit of which there are two`(
        _ seconds: Double, _ text: String
    ) {
        #expect(RelativeTime.text(seconds: seconds) == text)
    }

    @Test func `a time that is none stays as it is`() {
        #expect(RelativeTime.text("soon", now: Self.now, hasDay: false) == "soon")
        #expect(
            RelativeTime.text("2027-01-15T08:00:10.000Z", now: Self.now, hasDay: true) == "2027-01-15 (in 10 seconds)")
        #expect(RelativeTime.text("2027-01-15T08:00:00Z", now: Self.now, hasDay: false) == "now")
    }

    @Test func `only free text is cut to fit, and never with --wide`() {
        var table = Table("NAME", "NOTE", .wide("ID"))
        let name = String(repeating: "n", count: 50)
        let note = String(repeating: "word ", count: 20)
        table.add(.text(name), .free(note), "id")
        var style = TextStyle(isWide: false, now: Self.now)
        let lines = table.text(in: style).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines[1].hasPrefix(name + "  word ") && lines[1].hasSuffix("…"))
        style.isWide = true
        #expect(table.text(in: style).contains(note.dropLast()) && table.text(in: style).contains("id"))
    }

    @Test func `wide characters take two columns`() {
        var table = Table("NAME", "STATE")
        table.add("日本語", .state("active"))
        table.add("abcdef", .state("active"))
        let lines = table.text(in: TextStyle(isWide: false)).split(separator: "\n")
        #expect(lines[1] == "日本語  active" && lines[2] == "abcdef  active")
    }

    @Test func `text of others cannot rewrite the terminal`() {
        #expect(DisplayText.safe("a\u{1B}[2Jb\u{202E}c\r\nd\u{2028}") == "a?[2Jb?c??d?")
        #expect(DisplayText.safe("می\u{200C}خواهم 👨\u{200D}👩") == "می\u{200C}خواهم 👨\u{200D}👩")
        var table = PropertyTable()
        table.add("name", "x\u{1B}[31m")
        #expect(table.text(in: TextStyle(isWide: true)) == "name  x?[31m\n")
    }

    @Test func `a shell reads a quoted word as it was`() throws {
        for word in [
            "a", "", "two words", "it's", "$HOME `id` \\", "é", "a\nb", "--x=*", "-n", "a'\u{301};echo b;'\u{301}",
        ] {
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["-c", "printf %s \(ShellWord.quoted(word))"]
            let pipe = Pipe()
            shell.standardOutput = pipe
            try shell.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            shell.waitUntilExit()
            #expect(String(decoding: output, as: UTF8.self) == word)
        }
    }

    @Test func `the next page has the cursor once`() {
        let arguments = ["key", "list", "--cursor", "old", "--limit", "2", "--cursor=older"]
        #expect(Invocation.next(after: "new", arguments: arguments) == "kms key list --limit 2 --cursor new")
    }
}

/// The page of a custody document, with text that others chose.
@Suite struct PaperPageTests {
    @Test(arguments: ["<b style=x>", "\u{D4E}<b \u{D4E}>", "<\u{301}b>", "\"\u{301} onload=x", "&\u{301}lt;"])
    func `no text becomes markup, whatever it is combined with`(_ text: String) {
        let paper = Paper(
            title: text, subject: text, notice: text, outcome: text,
            checks: [.init(what: text, result: text, isPassed: true)], findings: [text],
            parts: [PaperPart(title: text, blocks: [.paragraph(text), .list([text])])])
        let page = PaperPage(paper, sha256: "00").text.unicodeScalars
        let plain = PaperPage(
            Paper(
                title: "t", subject: "t", notice: "t", outcome: "t",
                checks: [.init(what: "t", result: "t", isPassed: true)], findings: ["t"],
                parts: [PaperPart(title: "t", blocks: [.paragraph("t"), .list(["t"])])]), sha256: "00"
        ).text.unicodeScalars
        for scalar in ["<", ">", "\""] as [Unicode.Scalar] {
            #expect(page.count { $0 == scalar } == plain.count { $0 == scalar }, "\(scalar)")
        }
    }
}
