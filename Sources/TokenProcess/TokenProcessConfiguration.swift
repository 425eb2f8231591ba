/// The settings for starting the token's process, and the limits that it must keep.
package struct TokenProcessConfiguration: Sendable {
    /// The program and its arguments. It finds the socket as descriptor ``descriptor``.
    package var program: String
    package var arguments: [String]
    /// The name of the process in the list of processes.
    package var name = "kms"
    package var environment: [String: String]
    /// The time limit of an operation. The process answers by then; otherwise the service answers in its place.
    package var deadline: Duration
    /// The same for generating RSA key pairs.
    package var generationDeadline: Duration
    /// The time limit for opening the token.
    package var startDeadline: Duration
    /// The time after which a process is killed if it sends nothing, or if an answer is this late after its deadline.
    package var silenceLimit: Duration
    /// The maximum number of operations that wait for answers. Further ones are refused as busy.
    package var queueLimit: Int

    package init(
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
    package static let descriptor: Int32 = 3
}
