internal import CLibCrypto

/// The hash functions of FIPS 180-4 that are used here.
public enum HashFunction: String, Sendable, CaseIterable {
    /// For OAEP and MGF1 only, where collisions do not matter.
    case sha1
    case sha224
    case sha256
    case sha384
    case sha512

    /// The length of a digest, in bytes.
    public var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    public func digest(of message: [UInt8]) -> [UInt8] {
        message.withUnsafeBytes { digest(of: $0) }
    }

    public func digest(of message: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            // The array's own memory, as long as a digest is.
            let isDone = EVP_Digest(message.baseAddress, message.count, buffer.baseAddress, nil, evp, nil)
            precondition(isDone == 1, "libcrypto cannot hash")
            count = byteCount
        }
    }

    /// The library's own table; it lives as long as the process.
    var evp: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
