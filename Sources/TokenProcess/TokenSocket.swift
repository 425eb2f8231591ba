#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The socket that a token's process was started with.
public enum TokenSocket {
    /// The descriptor of it; nil when the process was started by somebody else.
    public static func claim() -> Int32? {
        let descriptor = TokenProcessConfiguration.descriptor
        var type: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 else { return nil }
        return descriptor
    }
}
