internal import CPKCS11

/// Attributes of objects (`C_GetAttributeValue` and `C_SetAttributeValue`, v2.40 §5.7).
///
/// Reading an attribute that the token does not reveal throws `CKR_ATTRIBUTE_SENSITIVE`; one that the object does not have throws
/// `CKR_ATTRIBUTE_TYPE_INVALID`. ``attributes(_:of:)`` reads many and omits those.
extension Session {
    /// Reads a Boolean attribute.
    public func bool(_ type: AttributeType, of object: ObjectHandle) throws(PKCS11Error) -> Bool {
        var value: CK_BBOOL = 0
        let count = try Swift.withUnsafeMutableBytes(of: &value) { (value) throws(PKCS11Error) in
            try read(type, of: object, into: value)
        }
        guard count == 1, let claim = Bool(exactly: value) else {
            throw .malformedAnswer(from: .getAttributeValue, "\(type) is no Boolean")
        }
        return claim
    }

    /// Reads a number: an object class, a key type, a length.
    public func number(_ type: AttributeType, of object: ObjectHandle) throws(PKCS11Error) -> UInt {
        var value: CK_ULONG = 0
        let count = try Swift.withUnsafeMutableBytes(of: &value) { (value) throws(PKCS11Error) in
            try read(type, of: object, into: value)
        }
        guard count == MemoryLayout<CK_ULONG>.size else {
            throw .malformedAnswer(from: .getAttributeValue, "\(type) is no number")
        }
        return value
    }

    /// Reads an attribute as bytes.
    public func bytes(_ type: AttributeType, of object: ObjectHandle) throws(PKCS11Error) -> [UInt8] {
        // Asks for the length first, because a buffer that is too small yields no length here (v2.40 §5.7).
        var query = CK_ATTRIBUTE(type: type.rawValue, pValue: nil, ulValueLen: 0)
        try call(.getAttributeValue, functions.pointee.C_GetAttributeValue) {
            $0(handle, object.rawValue, &query, 1)
        }
        let room = try module.believable(query.ulValueLen, from: .getAttributeValue)
        return try [UInt8](unsafeUninitializedCapacity: max(room, 1)) { (buffer, written) throws(PKCS11Error) in
            let memory = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<room])
            written = try read(type, of: object, into: memory)
        }
    }

    /// Reads an attribute into memory of the caller, for secret values.
    ///
    /// - Returns: the number of bytes written, from the start of `memory`, which is zeroed first.
    /// - Throws: `CKR_BUFFER_TOO_SMALL` if the value does not fit.
    public func read(
        _ type: AttributeType, of object: ObjectHandle, into memory: UnsafeMutableRawBufferPointer
    ) throws(PKCS11Error) -> Int {
        // The module reads the value of an array attribute for pointers before it writes it (v2.40 §4.2), so it must contain
        // none.
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        var attribute = CK_ATTRIBUTE(type: type.rawValue, pValue: memory.cBytes, ulValueLen: CK_ULONG(memory.count))
        try call(.getAttributeValue, functions.pointee.C_GetAttributeValue) {
            $0(handle, object.rawValue, &attribute, 1)
        }
        return try module.checked(attribute.ulValueLen, within: memory.count, from: .getAttributeValue)
    }

    /// Changes attributes of an object (`C_SetAttributeValue`).
    ///
    /// - Throws: `CKR_ATTRIBUTE_READ_ONLY`, or `CKR_ACTION_PROHIBITED` for an object that is not modifiable.
    public func setAttributes(of object: ObjectHandle, _ template: Template) throws(PKCS11Error) {
        try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
            try call(.setAttributeValue, functions.pointee.C_SetAttributeValue) {
                $0(handle, object.rawValue, attributes, count)
            }
        }
    }
}

extension Bool {
    /// Converts `CK_TRUE` and `CK_FALSE`; `nil` for anything else.
    init?(exactly value: CK_BBOOL) {
        switch value {
        case CK_BBOOL(CK_TRUE): self = true
        case CK_BBOOL(CK_FALSE): self = false
        default: return nil
        }
    }
}
