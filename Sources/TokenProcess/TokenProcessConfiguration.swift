/// How the token's process is started, and what is expected of it.
public struct TokenProcessConfiguration: Sendable {
    /// The program and its arguments. It finds the socket as descriptor ``descriptor``.
    public var program: String
    public var arguments: [String]
    /// How the list of processes calls it.
    public var name = "kms"
    public var environment: [String: String]
    /// How long an operation may take; the process itself answers by then, and if it does not, it is answered for.
    public var deadline: Duration
    /// The same for making RSA key pairs.
    public var generationDeadline: Duration
    /// How long it may take to open the token.
    public var startDeadline: Duration
    /// A process that says nothing for this long, or owes an answer for this long after its deadline, is killed.
    public var silenceLimit: Duration
    /// How many operations may wait for answers; more are refused as busy.
    public var queueLimit: Int

    public init(
        program: String, arguments: [String], environment: [String: String], deadline: Duration = .seconds(5),
        generationDeadline: Duration = .seconds(60), startDeadline: Duration = .seconds(60),
        silenceLimit: Duration = .seconds(5), queueLimit: Int = 1024
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.deadline = deadline
        self.generationDeadline = generationDeadline
        self.startDeadline = startDeadline
        self.silenceLimit = silenceLimit
        self.queueLimit = queueLimit
    }

    /// The descriptor on which the process finds the socket.
    public static let descriptor: Int32 = 3
}
