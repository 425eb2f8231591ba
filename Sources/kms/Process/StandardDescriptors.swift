import Glibc

/// The descriptors of the standard streams.
enum StandardDescriptors {
    /// Fills the places of closed streams, so that no file or socket is opened in them and gets what is meant for the stream. Reading from
    /// a closed input and writing to a closed output fail all the same; a closed standard error drops what is written to it.
    static func fill() {
        let modes = [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        // A new descriptor gets the lowest free number, which is that of the closed stream.
        for (descriptor, mode) in modes where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", mode) }
    }
}
