internal import CPKCS11

// PKCS #11 declares `unsigned char *` even for input. These give such a pointer to memory that another owner holds. It is valid
// as long as that memory, and no function of the standard writes through it.

extension UnsafeRawBufferPointer {
    /// The pointer for input. It is not null even without bytes, see `cpkcs11_no_bytes`.
    var cBytes: UnsafeMutablePointer<CK_BYTE> {
        guard let baseAddress, count > 0 else { return cpkcs11_no_bytes() }
        return UnsafeMutableRawPointer(mutating: baseAddress).assumingMemoryBound(to: CK_BYTE.self)
    }

    var cCount: CK_ULONG { CK_ULONG(count) }
}

extension UnsafeMutableRawBufferPointer {
    /// The pointer for output. It is not null even without room, because a null pointer would ask for the length and leave the
    /// operation active.
    var cBytes: UnsafeMutablePointer<CK_BYTE> { UnsafeRawBufferPointer(self).cBytes }
}

/// Runs a closure on the bytes of a collection, in place if they are contiguous.
///
/// Other collections are copied for the call, and the copy is zeroed.
@inline(__always)
func withBytes<Result>(
    of collection: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) throws(PKCS11Error) -> Result
) throws(PKCS11Error) -> Result {
    // The standard library only rethrows here, so the error travels as a value.
    let inPlace = collection.withContiguousStorageIfAvailable { bytes in
        Swift.Result { () throws(PKCS11Error) in try body(UnsafeRawBufferPointer(bytes)) }
    }
    if let inPlace { return try inPlace.get() }
    return try withUnsafeTemporaryAllocation(byteCount: collection.count, alignment: 1) {
        (copy) throws(PKCS11Error) in
        defer { cpkcs11_zero(copy.baseAddress, copy.count) }
        copy.copyBytes(from: collection)
        return try body(UnsafeRawBufferPointer(copy))
    }
}
