/// The execution in flight of something that several callers want at the same time. They share one execution.
///
/// A plain value: its owner guards it, for example by a mutex.
package struct SingleFlight<Value: Sendable>: Sendable {
    private var execution: Task<Value, Never>?

    package init() {}

    package var isInFlight: Bool { execution != nil }

    /// Returns the execution in flight, or starts one.
    ///
    /// - Parameter body: the execution. It runs in a task of its own, because it serves all callers. At its end it calls ``end()``,
    ///   under the lock of the owner.
    package mutating func join(or body: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
        if let execution { return execution }
        let execution = Task { await body() }
        self.execution = execution
        return execution
    }

    /// Ends the execution in flight. The next caller starts another.
    package mutating func end() { execution = nil }
}
