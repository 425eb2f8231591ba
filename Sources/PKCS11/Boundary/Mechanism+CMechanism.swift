internal import CPKCS11

extension Mechanism {
    /// Lends the mechanism in its C form to a closure.
    ///
    /// Parameter structures are local variables here, and the bytes that they point to lie in the arrays of this value. All live
    /// until the closure returns, and none is copied.
    @inline(__always)
    func withCMechanism<Result>(
        _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        switch parameters {
        case .none:
            var mechanism = CK_MECHANISM(mechanism: type.rawValue, pParameter: nil, ulParameterLen: 0)
            return try body(&mechanism)
        case .bytes(let bytes):
            return try withBytes(of: bytes) { (bytes) throws(PKCS11Error) in
                var mechanism = CK_MECHANISM(
                    mechanism: type.rawValue, pParameter: bytes.cBytes, ulParameterLen: bytes.cCount)
                return try body(&mechanism)
            }
        case .gcm(let iv, let aad, let tagBits):
            return try withGCM(iv: iv, aad: aad, tagBits: tagBits) { (parameters) throws(PKCS11Error) in
                try with(&parameters, body)
            }
        case .oaep(let oaep):
            return try oaep.withCParameters { (parameters) throws(PKCS11Error) in
                try with(&parameters, body)
            }
        case .pss(let hash, let mgf, let saltLength):
            var parameters = CK_RSA_PKCS_PSS_PARAMS(
                hashAlg: hash.mechanism.rawValue, mgf: mgf.maskGeneration, sLen: CK_ULONG(saltLength))
            return try with(&parameters, body)
        case .rsaAESKeyWrap(let aesKeyBits, let oaep):
            return try oaep.withCParameters { (oaep) throws(PKCS11Error) in
                try withUnsafeMutablePointer(to: &oaep) { (oaep) throws(PKCS11Error) in
                    var parameters = CPKCS11_RSA_AES_KEY_WRAP_PARAMS(
                        ulAESKeyBits: CK_ULONG(aesKeyBits), pOAEPParams: oaep)
                    return try with(&parameters, body)
                }
            }
        case .ecdh1(let kdf, let publicPoint, let sharedData):
            return try withECDH1(kdf, publicPoint, sharedData) { (parameters) throws(PKCS11Error) in
                try with(&parameters, body)
            }
        }
    }

    /// Lends the mechanism with a parameter structure.
    @inline(__always)
    private func with<Parameters, Result>(
        _ parameters: inout Parameters, _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try withUnsafeMutablePointer(to: &parameters) { (parameters) throws(PKCS11Error) in
            var mechanism = CK_MECHANISM(
                mechanism: type.rawValue, pParameter: parameters,
                ulParameterLen: CK_ULONG(MemoryLayout<Parameters>.size))
            return try body(&mechanism)
        }
    }

    @inline(__always)
    private func withGCM<Result>(
        iv: [UInt8], aad: [UInt8], tagBits: Int, _ body: (inout CK_GCM_PARAMS) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try withBytes(of: iv) { (iv) throws(PKCS11Error) in
            try withBytes(of: aad) { (aad) throws(PKCS11Error) in
                // Some modules read the length in bytes, and SoftHSM's header has it in bits as well, so both must agree.
                var parameters = CK_GCM_PARAMS(
                    pIv: iv.cBytes, ulIvLen: iv.cCount, ulIvBits: iv.cCount * 8,
                    pAAD: aad.isEmpty ? nil : aad.cBytes, ulAADLen: aad.cCount, ulTagBits: CK_ULONG(tagBits))
                return try body(&parameters)
            }
        }
    }

    private func withECDH1<Result>(
        _ kdf: KeyDerivation, _ publicPoint: [UInt8], _ sharedData: [UInt8],
        _ body: (inout CK_ECDH1_DERIVE_PARAMS) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try withBytes(of: publicPoint) { (point) throws(PKCS11Error) in
            try withBytes(of: sharedData) { (shared) throws(PKCS11Error) in
                // Without a derivation function shared data must be null (Current Mechanisms v2.40 §2.3.8).
                var parameters = CK_ECDH1_DERIVE_PARAMS(
                    kdf: kdf.function, ulSharedDataLen: shared.cCount,
                    pSharedData: shared.isEmpty ? nil : shared.cBytes,
                    ulPublicDataLen: point.cCount, pPublicData: point.cBytes)
                return try body(&parameters)
            }
        }
    }
}

extension Mechanism.OAEPParameters {
    fileprivate func withCParameters<Result>(
        _ body: (inout CK_RSA_PKCS_OAEP_PARAMS) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try withBytes(of: label) { (label) throws(PKCS11Error) in
            // An empty label is null: SoftHSM refuses any other pointer.
            var parameters = CK_RSA_PKCS_OAEP_PARAMS(
                hashAlg: hash.mechanism.rawValue, mgf: mgf.maskGeneration, source: CKZ_DATA_SPECIFIED,
                pSourceData: label.isEmpty ? nil : UnsafeMutableRawPointer(label.cBytes), ulSourceDataLen: label.cCount)
            return try body(&parameters)
        }
    }
}

extension HashFunction {
    fileprivate var mechanism: MechanismType {
        switch self {
        case .sha1: .sha1
        case .sha224: .sha224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }

    fileprivate var maskGeneration: CK_ULONG {
        switch self {
        case .sha1: CKG_MGF1_SHA1
        case .sha224: CKG_MGF1_SHA224
        case .sha256: CKG_MGF1_SHA256
        case .sha384: CKG_MGF1_SHA384
        case .sha512: CKG_MGF1_SHA512
        }
    }
}

extension KeyDerivation {
    fileprivate var function: CK_ULONG {
        switch self {
        case .none: CKD_NULL
        case .sha1: CKD_SHA1_KDF
        case .sha224: CKD_SHA224_KDF
        case .sha256: CKD_SHA256_KDF
        case .sha384: CKD_SHA384_KDF
        case .sha512: CKD_SHA512_KDF
        }
    }
}
