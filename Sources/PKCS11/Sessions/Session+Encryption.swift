internal import CPKCS11

/// Encryption (`C_EncryptInit` and `C_Encrypt`, v2.40 §5.8).
extension Session {
    /// Encrypts data.
    ///
    /// With AES-GCM the result is the ciphertext, as long as the data, followed by the tag.
    #if compiler(>=6.3)
        @specialized(where Bytes == [UInt8])
    #endif
    public func encrypt<Bytes: Collection<UInt8>>(
        _ data: Bytes, with key: ObjectHandle, _ mechanism: Mechanism
    ) throws(PKCS11Error) -> [UInt8] {
        try withBytes(of: data) { (data) throws(PKCS11Error) in
            try run(encryption, on: data, with: key, mechanism, expecting: mechanism.ciphertextCount(of: data.count))
        }
    }

    /// Encrypts data into memory of the caller, without allocating or copying.
    ///
    /// Neither memory is kept after the call. They must not overlap.
    ///
    /// - Returns: the number of bytes written, from the start of `output`.
    /// - Throws: `CKR_BUFFER_TOO_SMALL` if the ciphertext does not fit; AES-GCM needs the lengths of the data and of the tag.
    public func encrypt(
        _ data: UnsafeRawBufferPointer, with key: ObjectHandle, _ mechanism: Mechanism,
        into output: UnsafeMutableRawBufferPointer
    ) throws(PKCS11Error) -> Int {
        try run(encryption, on: data, with: key, mechanism, into: output)
    }

    private var encryption: SinglePartOperation {
        SinglePartOperation(
            begin: .encryptInit, beginEntry: functions.pointee.C_EncryptInit,
            perform: .encrypt, performEntry: functions.pointee.C_Encrypt)
    }
}
