internal import CPKCS11

/// The token's random numbers (`C_GenerateRandom`, v2.40 §5.15).
extension Session {
    /// Returns random bytes.
    ///
    /// The array is not zeroed when it is released; for secrets use ``generateRandom(into:)``.
    public func generateRandom(count: Int) throws(PKCS11Error) -> [UInt8] {
        precondition(count >= 0, "a negative number of random bytes")
        return try [UInt8](unsafeUninitializedCapacity: count) { (buffer, written) throws(PKCS11Error) in
            // Unsafe: the array's own memory, valid in this closure.
            try generateRandom(
                into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
            written = count
        }
    }

    /// Fills memory of the caller with random bytes.
    public func generateRandom(into memory: UnsafeMutableRawBufferPointer) throws(PKCS11Error) {
        try call(.generateRandom, functions.pointee.C_GenerateRandom) {
            $0(handle, memory.cBytes, CK_ULONG(memory.count))
        }
    }
}
