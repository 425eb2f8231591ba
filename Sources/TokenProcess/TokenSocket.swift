internal import Glibc

/// The socket with which a token's process was started.
public enum TokenSocket {
    /// Returns its descriptor; `nil` if the process was not started by the service.
    public static func claim() -> Int32? {
        let descriptor = TokenProcessConfiguration.descriptor
        var type: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 else { return nil }
        return descriptor
    }
}
