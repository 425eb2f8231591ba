internal import CPKCS11

extension Session {
    /// Hashes data in the token (`C_DigestInit` and `C_Digest`, v2.40 §5.10).
    public func digest(_ data: some Collection<UInt8>, _ mechanism: Mechanism) throws(PKCS11Error) -> [UInt8] {
        try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
            try call(.digestInit, functions.pointee.C_DigestInit) { $0(handle, mechanism) }
            return try withBytes(of: data) { (data) throws(PKCS11Error) in
                // SHA-512 is the longest.
                try module.output(of: .digest, expecting: 64) { bytes, count in
                    returnValue(of: functions.pointee.C_Digest) {
                        $0(handle, data.cBytes, data.cCount, bytes, count)
                    }
                }
            }
        }
    }
}
