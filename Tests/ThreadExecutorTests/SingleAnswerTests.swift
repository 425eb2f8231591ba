import Testing

@testable import ThreadExecutor

@Suite struct SingleAnswerTests {
    @Test func `the first answer resumes the caller, and later ones are dropped`() async {
        var wanted: [Bool] = []
        let result: Result<Int, ThreadPoolError> = await withUnsafeContinuation { continuation in
            let answer = SingleAnswer(to: continuation)
            wanted.append(answer.isWanted)
            answer.give(.success(1))
            wanted.append(answer.isWanted)
            answer.give(.failure(.late))
        }
        #expect(result == .success(1))
        #expect(wanted == [true, false])
    }
}
