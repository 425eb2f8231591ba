internal import Glibc

/// A dedicated thread, outside the cooperative pool, where calls may block.
package enum NamedThread {
    /// Starts a detached thread.
    ///
    /// - Parameters:
    ///   - name: the name that `top -H` shows, at most 15 bytes; longer ones are cut.
    ///   - body: runs on the thread.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
        let status = pthread_create(&thread, nil, enter, box.toOpaque())
        precondition(status == 0, "the system has no thread left (error \(status))")
        pthread_detach(thread)
    }

    /// The entry point of a new thread. It takes over the one reference that `start` retained for it.
    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        setName(start.name)
        start.body()
        return nil
    }

    /// Sets the name in Linux's way, without the GNU extension that the importer does not see. A missing name is not a failure.
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
