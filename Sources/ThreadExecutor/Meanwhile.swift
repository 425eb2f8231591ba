/// What a thread of its own does while another one, which may block, goes on and waits for the result in the end.
package final class Meanwhile<Result: Sendable>: Sendable {
    private let result = Monitor<Result?>(nil)

    /// - Parameter name: of the thread, see ``NamedThread``.
    package init(_ name: String, _ body: @escaping @Sendable () -> Result) {
        let result = result
        NamedThread.start(name) {
            let value = body()
            result.withLock { $0 = value }
            result.wakeAll()
        }
    }

    /// Blocks until it is done.
    package func wait() -> Result { result.wait { $0 } }
}
