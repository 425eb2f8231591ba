/// A readable form of a signed document, divided into the parts that are printed one after another.
struct Paper {
    /// A result that was checked, and whether it is as required.
    struct Check {
        let what: String
        let result: String
        let isPassed: Bool
    }

    /// The title, such as `Custody report`.
    let title: String
    /// The object that the document is about, in one line. It is printed at the head of each page.
    let subject: String
    /// A warning above everything else; `nil` if there is none.
    let notice: String?
    /// The result in a few words, without `PASS` or `FAIL`.
    let outcome: String
    let checks: [Check]
    /// The defects that the document states.
    let findings: [String]
    let parts: [PaperPart]

    var isPassed: Bool { findings.isEmpty && checks.allSatisfy(\.isPassed) }

    /// The first line of the verdict.
    var verdict: String { "\(isPassed ? "PASS" : "FAIL"): \(outcome)" }
}

/// A part of a ``Paper`` with a heading.
struct PaperPart {
    let title: String
    let blocks: [PaperBlock]

    /// True for a part that is printed on one page.
    var isShort: Bool {
        blocks.allSatisfy { block in
            switch block {
            case .paragraph, .commands: true
            case .signatures(let roles): roles.count <= 12
            case .facts(let facts): facts.count <= 12
            case .list, .table: false
            }
        }
    }
}

enum PaperBlock {
    case paragraph(String)
    case list([String])
    case facts([(name: String, value: PaperValue)])
    case table(PaperTable)
    /// Commands for a shell, one per line.
    case commands([String])
    /// Lines for the signatures of people, one for each role.
    case signatures([String])
}

/// A value, with the way in which it may be broken into lines.
enum PaperValue {
    /// Words. Lines are broken between them.
    case text(String)
    /// A name that somebody chose, in any script.
    case name(String)
    /// An identifier in monospace.
    case code(String)
    /// Hexadecimal digits. Lines are broken between groups of eight.
    case hex(String)
    /// Text without blanks, such as Base64. Lines are broken anywhere.
    case raw(String)
    /// A time in ISO 8601. Lines are broken between date and time.
    case time(String)
    /// A value that is not as required.
    case bad(String)

    var text: String {
        switch self {
        case .text(let text), .name(let text), .code(let text), .hex(let text), .raw(let text), .bad(let text): text
        case .time(let text): text.replacing("T", with: " ")
        }
    }
}

struct PaperTable {
    struct Column {
        let title: String
        /// The width in a printed table, in millimetres. A page has 174.
        let width: Int
        /// True for values that have a line of their own in plain text.
        var isLong = false
    }

    /// Rows with a heading of their own.
    struct Group {
        /// The heading: a name, and what it says about the rows. `nil` for a table without headings.
        var heading: (name: String, details: [PaperValue])?
        var rows: [[PaperValue]]
    }

    let columns: [Column]
    let groups: [Group]

    init(_ columns: [Column], groups: [Group]) {
        self.columns = columns
        self.groups = groups
    }

    init(_ columns: [Column], rows: [[PaperValue]]) {
        self.init(columns, groups: [Group(heading: nil, rows: rows)])
    }
}
