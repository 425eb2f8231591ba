#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A thread of our own, outside the cooperative pool, where calls may block.
package enum NamedThread {
    /// Starts a thread and leaves it to itself.
    ///
    /// - Parameter name: at most 15 bytes, as `top -H` shows it; longer ones are cut.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
        let status = pthread_create(&thread, nil, enter, box.toOpaque())
        precondition(status == 0, "the system has no thread left (error \(status))")
        pthread_detach(thread)
    }

    /// Where a new thread begins. It takes over the reference that `start` retained for it, and for it alone.
    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        setName(start.name)
        start.body()
        return nil
    }

    /// Linux's way without the GNU extension that the importer does not see. A thread without a name is no failure.
    private static func setName(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = name.withCString { write(file, $0, strlen($0)) }
        close(file)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
