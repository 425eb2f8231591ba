internal import CPKCS11

extension Module {
    /// The one way into the library: runs one of its functions and turns anything but `CKR_OK` into an error.
    @inline(__always)
    func call<Entry>(
        _ function: Function, _ entry: Entry?, _ body: (Entry) -> CK_RV
    ) throws(PKCS11Error) {
        let result = returnValue(of: entry, body)
        guard result == CKR_OK else {
            throw .returned(ReturnValue(rawValue: result), from: function)
        }
    }

    /// Runs a function and returns its code, for callers that distinguish return values themselves.
    ///
    /// A finalized module is not entered. A null entry breaks the standard (v2.40 §3.6 requires a function there that refuses)
    /// but occurs.
    @inline(__always)
    func returnValue<Entry>(of entry: Entry?, _ body: (Entry) -> CK_RV) -> CK_RV {
        guard !isFinalized else { return CKR_CRYPTOKI_NOT_INITIALIZED }
        guard let entry else { return CKR_FUNCTION_NOT_SUPPORTED }
        return body(entry)
    }
}
