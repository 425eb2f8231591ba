import Glibc

/// Reads a secret that a person types.
enum HiddenInput {
    /// Shows a prompt on standard error and reads one line from the terminal without showing it; without a terminal, reads all of standard
    /// input.
    static func read(_ prompt: String) throws(Failure) -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1 else {
            return try InputFile.read(STDIN_FILENO, of: "standard input", atMost: 65536, "token")
        }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw Failure(.input, "the terminal cannot hide what is typed; use --token-file")
        }
        var hidden = settings
        hidden.c_lflag &= ~tcflag_t(ECHO)
        hidden.c_lflag |= tcflag_t(ECHONL)
        // TCSAFLUSH drops what was typed before the prompt.
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else {
            throw Failure(.input, "the terminal cannot hide what is typed; use --token-file")
        }
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) }
        StandardError.write(prompt)
        guard let line = readLine(strippingNewline: true) else { throw Failure(.input, "no token was entered") }
        return Array(line.utf8)
    }
}
