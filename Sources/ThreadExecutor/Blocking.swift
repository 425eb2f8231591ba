/// Runs one blocking call on a thread of its own, while the task waits.
///
/// It is meant for rare work: opening, closing, administration. Work per request goes to a ``ThreadPool``.
package func onOwnThread<Result: Sendable, Failure: Error>(
    _ name: String, _ body: @escaping @Sendable () throws(Failure) -> Result
) async throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = await withUnsafeContinuation { continuation in
        NamedThread.start(name) {
            do throws(Failure) {
                continuation.resume(returning: .success(try body()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
    return try outcome.get()
}
