internal import CPKCS11

extension Session {
    /// Reads any number of attributes of an object in two calls (`C_GetAttributeValue`, v2.40 §5.7).
    ///
    /// Attributes that the object does not have, or that the token does not reveal, are missing in the result.
    public func attributes(
        _ types: [AttributeType], of object: ObjectHandle
    ) throws(PKCS11Error) -> AttributeValues {
        guard !types.isEmpty else { return AttributeValues([:]) }
        // Unsafe: an array of this scope.
        return try withUnsafeTemporaryAllocation(of: CK_ATTRIBUTE.self, capacity: types.count) {
            (list) throws(PKCS11Error) in
            _ = list.initialize(from: types.map { CK_ATTRIBUTE(type: $0.rawValue, pValue: nil, ulValueLen: 0) })
            return try module.values(in: list) {
                returnValue(of: functions.pointee.C_GetAttributeValue) {
                    $0(handle, object.rawValue, list.baseAddress, CK_ULONG(list.count))
                }
            }
        }
    }

    /// Reads an attribute that is itself a template: ``AttributeType/wrapTemplate`` or ``AttributeType/unwrapTemplate``
    /// (v2.40 §4.2, "Array attributes").
    ///
    /// - Throws: `CKR_ATTRIBUTE_TYPE_INVALID` if the object has none.
    public func template(_ type: AttributeType, of object: ObjectHandle) throws(PKCS11Error) -> AttributeValues {
        var size = CK_ATTRIBUTE(type: type.rawValue, pValue: nil, ulValueLen: 0)
        try call(.getAttributeValue, functions.pointee.C_GetAttributeValue) {
            $0(handle, object.rawValue, &size, 1)
        }
        let (count, rest) = try module.believable(size.ulValueLen, from: .getAttributeValue)
            .quotientAndRemainder(dividingBy: MemoryLayout<CK_ATTRIBUTE>.stride)
        guard rest == 0 else { throw .malformedAnswer(from: .getAttributeValue, "\(type) is no template") }
        guard count > 0 else { return AttributeValues([:]) }
        // Unsafe: an array of this scope.
        return try withUnsafeTemporaryAllocation(of: CK_ATTRIBUTE.self, capacity: count) { (list) throws(PKCS11Error) in
            list.initialize(repeating: CK_ATTRIBUTE())
            return try module.values(in: list) {
                var outer = CK_ATTRIBUTE(type: type.rawValue, pValue: list.baseAddress, ulValueLen: size.ulValueLen)
                return returnValue(of: functions.pointee.C_GetAttributeValue) {
                    $0(handle, object.rawValue, &outer, 1)
                }
            }
        }
    }
}
