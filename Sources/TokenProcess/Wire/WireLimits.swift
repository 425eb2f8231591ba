/// The maximum sizes accepted from the other process.
enum WireLimits {
    /// Bytes of a name: of a token, an algorithm, a project, a subject.
    static let text = 1024
    /// Bytes of an error's message. Longer ones are cut where they are written.
    static let message = 2048
    /// Items of a request: a batch has 1,000.
    static let items = 65_536
    /// Root epochs of a token.
    static let epochs = 65_536
    /// Bytes of the check value of an integrity key, which has 32.
    static let checkValue = 64
    /// Algorithms and similar names.
    static let names = 64
    /// Bytes of the probe result of a token.
    static let proof = 1 << 20
    /// Bytes of a JSON value.
    static let json = 4 << 20
    /// Threads that work on a token.
    static let workers = 4096
    /// Bytes of an answer frame. A batch of 1,000 items of 4 KiB fits; requests may be longer.
    static let answer = 16 << 20
}
