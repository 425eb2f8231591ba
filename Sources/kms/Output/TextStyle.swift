import FoundationEssentials
import Glibc

/// The layout of text for people: how wide it is, how times are written, and whether it has colour.
struct TextStyle {
    /// True for all columns, whole values and exact times.
    var isWide: Bool
    /// The columns that a line may take. Text that would be cut to fit is free text only; names and ids are never cut.
    var columns = 80
    var hasColor = false
    /// The time against which other times are given.
    var now = Date.now

    /// Returns the style for standard output.
    ///
    /// Colour needs a terminal that can show it, and neither the variable NO_COLOR nor `TERM=dumb`.
    static func ofStandardOutput(isWide: Bool) -> TextStyle {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var style = TextStyle(isWide: isWide)
        if isTerminal { style.columns = max(40, Terminal.columns ?? 80) }
        let environment = ProcessInfo.processInfo.environment
        style.hasColor =
            isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"].map { $0 != "dumb" } ?? false
        return style
    }
}

/// The terminal of the process.
enum Terminal {
    /// The width of the terminal on standard output; nil if there is none.
    static var columns: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// True if a person can be asked: standard input and standard error are terminals.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }
}

/// A value in a table or a list of properties.
enum Cell {
    /// A name, an id or a number, which is never cut.
    case text(String)
    /// Free text, which may be cut where the line would be too long.
    case free(String)
    /// An RFC 3339 time of the API.
    case time(String)
    /// A state, in its colour.
    case state(String)
    case none(String = "-")

    /// A time that may be missing.
    static func time(_ value: String?, else missing: String) -> Cell { value.map(Cell.time) ?? .none(missing) }

    static func text(_ value: String?, else missing: String) -> Cell { value.map(Cell.text) ?? .none(missing) }
}

extension Cell: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self = .text(value) }
}

extension Cell {
    /// The text without colour. Control and formatting characters, which could rewrite a terminal's line, are replaced.
    func plain(in style: TextStyle, isProperty: Bool = false) -> String {
        switch self {
        case .text(let text), .free(let text), .state(let text), .none(let text): DisplayText.safe(text)
        case .time(let text):
            style.isWide ? DisplayText.safe(text) : RelativeTime.text(text, now: style.now, hasDay: isProperty)
        }
    }

    /// The escape sequence of the value's colour; nil for none.
    func color(in style: TextStyle) -> String? {
        guard style.hasColor, case .state(let state) = self else { return nil }
        return switch state.prefix(while: { $0.isLetter }) {
        case "active", "yes", "valid", "approved": "\u{1B}[32m"
        case "preActivation", "deactivated", "pending", "waiting": "\u{1B}[33m"
        case "pendingDestruction", "destroyed", "denied", "rejected", "expired": "\u{1B}[31m"
        default: nil
        }
    }

    var canBeCut: Bool { if case .free = self { true } else { false } }
}
