internal import CLibCrypto

/// The hash functions in use: SHA-1 and SHA-2 of FIPS 180-4.
package enum HashFunction: String, Sendable, CaseIterable {
    /// SHA-1, only for OAEP and MGF1, where collisions do not matter.
    case sha1
    case sha224
    case sha256
    case sha384
    case sha512

    /// The length of a digest, in bytes.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    package func digest(of message: [UInt8]) -> [UInt8] {
        message.withUnsafeBytes { digest(of: $0) }
    }

    package func digest(of message: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            // The array's own memory, which has the length of a digest.
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
