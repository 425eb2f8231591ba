/// Work on a thread of its own, concurrent with another thread, which may block and finally waits for the result.
package final class BackgroundResult<Result: Sendable>: Sendable {
    private let result = Monitor<Result?>(nil)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: the thread's name, see ``NamedThread``.
    ///   - body: computes the result on the thread.
    package init(_ name: String, _ body: @escaping @Sendable () -> Result) {
        let result = result
        NamedThread.start(name) {
            let value = body()
            result.withLock { $0 = value }
            result.wakeAll()
        }
    }

    /// Blocks until the work is done, and returns its result.
    package func wait() -> Result { result.wait { $0 } }
}
