/// How much of anything the other process is believed to say.
enum WireLimits {
    /// Bytes of a name: of a token, an algorithm, a project, a subject.
    static let text = 1024
    /// Bytes of an error's message. Longer ones are cut where they are written.
    static let message = 2048
    /// Items of a request: a batch has 1,000.
    static let items = 65_536
    /// Root epochs of a token.
    static let epochs = 65_536
    /// Bytes of what an integrity key is known by; it has 32.
    static let checkValue = 64
    /// Algorithms and the like.
    static let names = 64
    /// Bytes of what a process proved of its token.
    static let proof = 1 << 20
    /// Bytes of what is said in JSON.
    static let json = 4 << 20
    /// Threads that work on a token.
    static let workers = 4096
    /// Bytes of a frame that answers. A batch of 1,000 items of 4 KiB fits; requests are longer.
    static let answer = 16 << 20
}
