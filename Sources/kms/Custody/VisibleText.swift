extension String {
    /// The text with visible escapes for the characters that would change how the text around them is shown: control characters, and
    /// those that turn the direction of writing.
    ///
    /// A document may come from a stranger, and its names are compared byte by byte.
    var visible: String {
        guard unicodeScalars.contains(where: \.isDisruptive) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isDisruptive {
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The number of columns that the text takes on a terminal.
    var columns: Int { DisplayText.columns(self) }

    /// Breaks the text into lines of at most `width` columns: at blanks, and within words that are longer than a line.
    func lines(of width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let length = String(word).columns
            if used > 0 || !line.isEmpty {
                if used + 1 + length <= width {
                    line += " " + word
                    used += 1 + length
                    continue
                }
                lines.append(line)
            }
            line = ""
            used = 0
            for character in word {
                if used + DisplayText.columns(character) > width {
                    lines.append(line)
                    line = ""
                    used = 0
                }
                line.append(character)
                used += DisplayText.columns(character)
            }
        }
        return lines + [line]
    }

    /// The text with blanks up to a width in columns.
    func filled(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }
}

extension Unicode.Scalar {
    fileprivate var isDisruptive: Bool {
        switch value {
        case 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: true
        default: properties.generalCategory == .control
        }
    }
}
