/// Words of a shell's command.
enum ShellWord {
    /// Returns the text as one word, quoted if a character in it means something to a shell.
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._/:@%+=,".utf8.contains(byte)
            }
        }
        if isPlain, !text.isEmpty { return text }
        // A quotation mark with a combining mark is one Character and still ends a word for a shell, so scalars are compared.
        let quoted = text.unicodeScalars.map { $0 == "'" ? #"'\''"# : String($0) }
        return "'" + quoted.joined() + "'"
    }
}
