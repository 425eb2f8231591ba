internal import Glibc

/// The socket with which a token's process was started.
package enum TokenSocket {
    /// Returns its descriptor; `nil` if the process was not started by the service.
    package static func claim() -> Int32? {
        let descriptor = TokenProcessConfiguration.descriptor
        var type: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 else { return nil }
        return descriptor
    }
}
