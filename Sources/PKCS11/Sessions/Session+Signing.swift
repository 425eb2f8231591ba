internal import CPKCS11

/// Signatures and MACs (`C_SignInit` and `C_Sign`, v2.40 §5.11; `C_VerifyInit` and `C_Verify`, §5.12).
extension Session {
    /// Signs data, or makes its MAC.
    ///
    /// The mechanism determines whether the data is the message or its hash: ``Mechanism/ecdsa`` and ``Mechanism/rsaPKCS`` take a
    /// hash.
    #if compiler(>=6.3)
        @specialized(where Bytes == [UInt8])
    #endif
    public func sign<Bytes: Collection<UInt8>>(
        _ data: Bytes, with key: ObjectHandle, _ mechanism: Mechanism
    ) throws(PKCS11Error) -> [UInt8] {
        try withBytes(of: data) { (data) throws(PKCS11Error) in
            try run(signing, on: data, with: key, mechanism, expecting: mechanism.signatureCount)
        }
    }

    /// Signs data, or makes its MAC, into memory of the caller.
    ///
    /// Neither memory is kept after the call. They must not overlap.
    ///
    /// - Returns: the number of bytes written, from the start of `output`.
    /// - Throws: `CKR_BUFFER_TOO_SMALL` if the signature does not fit.
    public func sign(
        _ data: UnsafeRawBufferPointer, with key: ObjectHandle, _ mechanism: Mechanism,
        into output: UnsafeMutableRawBufferPointer
    ) throws(PKCS11Error) -> Int {
        try run(signing, on: data, with: key, mechanism, into: output)
    }

    /// Verifies a signature or MAC in the token.
    ///
    /// - Returns: false for a wrong signature, whether its length is right or wrong.
    /// - Throws: every other failure, so that a broken token is not mistaken for a forgery.
    public func verify(
        _ signature: some Collection<UInt8>, of data: some Collection<UInt8>, with key: ObjectHandle,
        _ mechanism: Mechanism
    ) throws(PKCS11Error) -> Bool {
        try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
            try call(.verifyInit, functions.pointee.C_VerifyInit) { $0(handle, mechanism, key.rawValue) }
            return try withBytes(of: signature) { (signature) throws(PKCS11Error) in
                try withBytes(of: data) { (data) throws(PKCS11Error) in
                    let result = returnValue(of: functions.pointee.C_Verify) {
                        $0(handle, data.cBytes, data.cCount, signature.cBytes, signature.cCount)
                    }
                    switch result {
                    case CKR_OK: return true
                    case CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE: return false
                    default: throw .returned(ReturnValue(rawValue: result), from: .verify)
                    }
                }
            }
        }
    }

    private var signing: SinglePartOperation {
        SinglePartOperation(
            begin: .signInit, beginEntry: functions.pointee.C_SignInit,
            perform: .sign, performEntry: functions.pointee.C_Sign)
    }
}
