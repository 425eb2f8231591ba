internal import KeyManagement

/// A call with its encoding, and that of its answer.
///
/// The service encodes the call and reads the answer; the token's process reads the call and encodes the answer. The one side
/// trusts no answer, the other no call that does not fit its form.
protocol WireCall: TokenCall {
    /// The kind of frame that carries the call.
    static var tag: CallTag { get }

    /// The time limit that applies to the call.
    var deadlineClass: DeadlineClass { get }

    /// Reads what ``encode(to:)`` wrote.
    init(from reader: inout WireReader) throws(WireError)
    func encode(to writer: WireWriter)

    /// Reads what ``encode(_:to:)`` wrote. The number of items must be that of the call.
    func readAnswer(from reader: inout WireReader) throws(WireError) -> Answer
    static func encode(_ answer: Answer, to writer: WireWriter)

    /// Checks the answer beyond its form, for up to some milliseconds. It runs on the thread that reads answers.
    func checkThoroughly(_ answer: Answer) throws(TokenAnswerError)
}

extension WireCall {
    var deadlineClass: DeadlineClass { .operation }

    func checkThoroughly(_ answer: Answer) throws(TokenAnswerError) {}
}

extension WireCall where Answer == Void {
    func readAnswer(from reader: inout WireReader) throws(WireError) {}
    static func encode(_ answer: Void, to writer: WireWriter) {}
}

/// The time limits of ``TokenProcessConfiguration``.
enum DeadlineClass {
    /// The limit for most calls.
    case operation
    /// The limit for generating an RSA pair.
    case generation

    init(generating algorithm: KeyAlgorithm) {
        if case .rsa = algorithm.family { self = .generation } else { self = .operation }
    }
}
