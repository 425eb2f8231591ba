import Glibc

/// The causes of failed system calls, as an operator would say them.
enum SystemCause {
    /// Returns the cause that `code`, a value of `errno`, stands for.
    static func text(_ code: Int32) -> String {
        switch code {
        case ENOENT: "it does not exist"
        case EACCES, EPERM: "permission denied"
        case EISDIR: "it is a folder, not a file"
        case ENOTDIR: "a part of its path is not a folder"
        case EEXIST: "it exists already"
        case ENOSPC, EDQUOT: "the disk is full"
        case EROFS: "the file system is read-only"
        case EPIPE: "its reader has ended"
        case EBADF: "it is closed"
        case EFBIG: "the file would be too large"
        case EIO: "the device reports an error"
        case ELOOP: "its path has too many symbolic links, or ends in one"
        case ENAMETOOLONG: "its name is too long"
        case EMFILE, ENFILE: "too many files are open"
        case ENXIO, ENODEV: "there is no such device"
        case ETXTBSY, EBUSY: "it is in use"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}

extension Failure {
    /// The failure to read an input file, for the current value of `errno` or another.
    static func unreadable(_ path: String, _ code: Int32 = errno) -> Failure {
        let advice =
            switch code {
            case ENOENT, ENOTDIR: "; check the path"
            case EACCES, EPERM: "; check its owner and mode"
            default: ""
            }
        return Failure(.input, "\(path) cannot be read: \(SystemCause.text(code))\(advice)")
    }

    /// The failure to write an output file.
    static func unwritable(_ path: String, _ code: Int32 = errno) -> Failure {
        let cause = code == ENOENT ? "its folder does not exist" : SystemCause.text(code)
        return Failure(.configuration, "\(path) cannot be written: \(cause)")
    }
}

/// Input files that are read whole.
enum InputFile {
    /// Reads a file of at most `limit` bytes.
    ///
    /// - Parameter kind: the content that the file should have, such as `public key`, for the failure if it is longer.
    static func read(_ path: String, atMost limit: Int, _ kind: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path) }
        defer { close(descriptor) }
        return try read(descriptor, of: path, atMost: limit, kind)
    }

    /// Reads an open file of at most `limit` bytes.
    static func read(_ descriptor: Int32, of path: String, atMost limit: Int, _ kind: String) throws(Failure) -> [UInt8]
    {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= limit {
            // Reads into the array's own memory, which outlives the call.
            let got = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(path) }
            if got == 0 { return bytes }
            bytes += chunk.prefix(got)
        }
        throw Failure(.input, "\(path) has more than \(limit) bytes, so it is not a \(kind)")
    }
}
