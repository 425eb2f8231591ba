internal import CPKCS11

/// A `C_…Init` and its single-part call. Encryption, decryption and signing share the same two signatures.
struct SinglePartOperation {
    let begin: Function
    let beginEntry: CK_C_EncryptInit?
    let perform: Function
    let performEntry: CK_C_Encrypt?
}

extension Session {
    /// Runs the operation, with output into the caller's memory.
    @inline(__always)
    func run(
        _ operation: SinglePartOperation, on input: UnsafeRawBufferPointer, with key: ObjectHandle,
        _ mechanism: Mechanism, into output: UnsafeMutableRawBufferPointer
    ) throws(PKCS11Error) -> Int {
        try begin(operation, with: key, mechanism) { () throws(PKCS11Error) in
            try module.output(of: operation.perform, into: output) { bytes, count in
                returnValue(of: operation.performEntry) { $0(handle, input.cBytes, input.cCount, bytes, count) }
            }
        }
    }

    /// Runs the operation, with output into an array made with the expected room.
    @inline(__always)
    func run(
        _ operation: SinglePartOperation, on input: UnsafeRawBufferPointer, with key: ObjectHandle,
        _ mechanism: Mechanism, expecting count: Int
    ) throws(PKCS11Error) -> [UInt8] {
        try begin(operation, with: key, mechanism) { () throws(PKCS11Error) in
            try module.output(of: operation.perform, expecting: count) { bytes, count in
                returnValue(of: operation.performEntry) { $0(handle, input.cBytes, input.cCount, bytes, count) }
            }
        }
    }

    /// Begins an operation. The mechanism's parameters live until `body` returns, because the standard does not say whether a
    /// module copies them (v2.40 §5.8, C_EncryptInit).
    @inline(__always)
    private func begin<Output>(
        _ operation: SinglePartOperation, with key: ObjectHandle, _ mechanism: Mechanism,
        _ body: () throws(PKCS11Error) -> Output
    ) throws(PKCS11Error) -> Output {
        try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
            try call(operation.begin, operation.beginEntry) { $0(handle, mechanism, key.rawValue) }
            return try body()
        }
    }
}
