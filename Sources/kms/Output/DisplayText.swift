/// Text of the service or a file, on its way to a terminal.
enum DisplayText {
    /// Returns the text with control and formatting characters replaced, which could rewrite a line or reverse its direction.
    static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isShown($0) }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isShown($0) ? $0 : "?" }))
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        // The joiners, which emoji and several scripts need, change no other character.
        if scalar.value == 0x200C || scalar.value == 0x200D { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    /// The columns that the text takes in a terminal (Unicode Standard Annex #11, in outline).
    static func columns(_ text: String) -> Int { text.reduce(0) { $0 + columns($1) } }

    /// Returns the text cut to a number of columns, with an ellipsis where something is missing.
    static func cut(_ text: String, to limit: Int) -> String {
        guard columns(text) > limit else { return text }
        var left = limit - 1
        var kept = text.prefix { character in
            left -= columns(character)
            return left >= 0
        }
        while kept.last == " " { kept.removeLast() }
        return kept + "…"
    }

    /// 2 for the wide characters of East Asia and for emoji, else 1.
    static func columns(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        return switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}

extension DisplayText {
    /// ``safe(_:)`` for each line of a text.
    static func safeLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }.joined(separator: "\n")
    }
}

extension DisplayText {
    /// True for UTF-8 text whose only control characters are line ends and tabs.
    static func isPrintable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\r" || $0 == "\t" || isShown($0) }
    }
}
