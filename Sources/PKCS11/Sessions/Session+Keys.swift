internal import CPKCS11

extension Session {
    /// Makes a secret key in the token (`C_GenerateKey`, v2.40 §5.14).
    public func generateKey(_ mechanism: Mechanism, _ template: Template) throws(PKCS11Error) -> ObjectHandle {
        try newObject(.generateKey) { (key) throws(PKCS11Error) in
            try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
                try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
                    try call(.generateKey, functions.pointee.C_GenerateKey) {
                        $0(handle, mechanism, attributes, count, key)
                    }
                }
            }
        }
    }

    /// Makes a key pair in the token (`C_GenerateKeyPair`, v2.40 §5.14).
    public func generateKeyPair(
        _ mechanism: Mechanism, publicKey: Template, privateKey: Template
    ) throws(PKCS11Error) -> (publicKey: ObjectHandle, privateKey: ObjectHandle) {
        var made = CK_OBJECT_HANDLE(CK_INVALID_HANDLE)
        let privateHandle = try newObject(.generateKeyPair) { (key) throws(PKCS11Error) in
            try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
                try publicKey.withCAttributes { (ofPublic, publicCount) throws(PKCS11Error) in
                    try privateKey.withCAttributes { (ofPrivate, privateCount) throws(PKCS11Error) in
                        try call(.generateKeyPair, functions.pointee.C_GenerateKeyPair) {
                            $0(handle, mechanism, ofPublic, publicCount, ofPrivate, privateCount, &made, key)
                        }
                    }
                }
            }
        }
        let publicHandle = try newObject(.generateKeyPair) { $0.pointee = made }
        return (publicHandle, privateHandle)
    }

    /// Encrypts a key under another, to be kept outside the token (`C_WrapKey`, v2.40 §5.14).
    ///
    /// Secret keys are wrapped as their value, private keys as PKCS #8.
    ///
    /// - Throws: `CKR_KEY_UNEXTRACTABLE` if the key is not extractable, `CKR_KEY_NOT_WRAPPABLE` if it cannot be wrapped.
    public func wrapKey(
        _ key: ObjectHandle, with wrappingKey: ObjectHandle, _ mechanism: Mechanism
    ) throws(PKCS11Error) -> [UInt8] {
        try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
            // An RSA-4096 key takes about 2,400 bytes, an AES key 40.
            let wrapped: [UInt8] = try module.output(of: .wrapKey, expecting: 3072) { bytes, count in
                returnValue(of: functions.pointee.C_WrapKey) {
                    $0(handle, mechanism, wrappingKey.rawValue, key.rawValue, bytes, count)
                }
            }
            // Wrapped keys are kept for long, so the unused room is dropped.
            return wrapped.withUnsafeBufferPointer { Array($0) }
        }
    }

    /// Decrypts a wrapped key into the token (`C_UnwrapKey`, v2.40 §5.14).
    ///
    /// The return value for a tampered blob differs: `CKR_GENERAL_ERROR` from SoftHSM, `CKR_WRAPPED_KEY_INVALID` by the standard.
    public func unwrapKey(
        _ wrapped: some Collection<UInt8>, with unwrappingKey: ObjectHandle, _ mechanism: Mechanism,
        _ template: Template
    ) throws(PKCS11Error) -> ObjectHandle {
        try newObject(.unwrapKey) { (key) throws(PKCS11Error) in
            try withBytes(of: wrapped) { (wrapped) throws(PKCS11Error) in
                try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
                    try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
                        try call(.unwrapKey, functions.pointee.C_UnwrapKey) {
                            $0(
                                handle, mechanism, unwrappingKey.rawValue, wrapped.cBytes, wrapped.cCount,
                                attributes, count, key)
                        }
                    }
                }
            }
        }
    }

    /// Makes a key from another, such as a shared secret from a private EC key (`C_DeriveKey`, v2.40 §5.14).
    public func deriveKey(
        from baseKey: ObjectHandle, _ mechanism: Mechanism, _ template: Template
    ) throws(PKCS11Error) -> ObjectHandle {
        try newObject(.deriveKey) { (key) throws(PKCS11Error) in
            try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
                try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
                    try call(.deriveKey, functions.pointee.C_DeriveKey) {
                        $0(handle, mechanism, baseKey.rawValue, attributes, count, key)
                    }
                }
            }
        }
    }
}
