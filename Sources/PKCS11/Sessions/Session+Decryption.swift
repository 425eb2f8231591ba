internal import CPKCS11

/// Decryption (`C_DecryptInit` and `C_Decrypt`, v2.40 §5.9).
///
/// The return value for a wrong tag differs between modules: `CKR_ENCRYPTED_DATA_INVALID` by the standard,
/// `CKR_AEAD_DECRYPT_FAILED` in v3.0, `CKR_GENERAL_ERROR` from SoftHSM.
extension Session {
    /// Decrypts data.
    ///
    /// The returned array is not zeroed when it is released; for secrets use ``decrypt(_:with:_:into:)``.
    #if compiler(>=6.3)
        @specialized(where Bytes == [UInt8])
    #endif
    public func decrypt<Bytes: Collection<UInt8>>(
        _ data: Bytes, with key: ObjectHandle, _ mechanism: Mechanism
    ) throws(PKCS11Error) -> [UInt8] {
        try withBytes(of: data) { (data) throws(PKCS11Error) in
            // No mechanism makes plaintext longer than its ciphertext.
            try run(decryption, on: data, with: key, mechanism, expecting: data.count)
        }
    }

    /// Decrypts data into memory of the caller, and leaves no plaintext anywhere else in this process.
    ///
    /// Neither memory is kept after the call. They must not overlap. Provide room for as many bytes as the ciphertext has,
    /// because some modules (SoftHSM) require that much. Less room works if the plaintext fits, through temporary memory that is
    /// zeroed.
    ///
    /// - Returns: the number of bytes written, from the start of `output`.
    /// - Throws: `CKR_BUFFER_TOO_SMALL` if the plaintext does not fit.
    public func decrypt(
        _ data: UnsafeRawBufferPointer, with key: ObjectHandle, _ mechanism: Mechanism,
        into output: UnsafeMutableRawBufferPointer
    ) throws(PKCS11Error) -> Int {
        try run(decryption, on: data, with: key, mechanism, into: output)
    }

    private var decryption: SinglePartOperation {
        SinglePartOperation(
            begin: .decryptInit, beginEntry: functions.pointee.C_DecryptInit,
            perform: .decrypt, performEntry: functions.pointee.C_Decrypt)
    }
}
