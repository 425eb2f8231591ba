internal import CPKCS11

extension Module {
    /// Reads many attributes in two calls: one for the lengths, one for the values (v2.40 §5.7, C_GetAttributeValue).
    ///
    /// - Parameters:
    ///   - list: a list of the caller's with types and without values. It may itself be the value of an attribute: then it is
    ///     empty, and the first call fills in the types.
    ///   - call: one `C_GetAttributeValue` that fills in the list.
    func values(
        in list: UnsafeMutableBufferPointer<CK_ATTRIBUTE>, _ call: () -> CK_RV
    ) throws(PKCS11Error) -> AttributeValues {
        try check(call())
        // The lengths are known now, with -1 for attributes that the object lacks or the token does not reveal. Each value begins
        // at the alignment of a number.
        var places: [Range<Int>] = []
        for attribute in list {
            let count = attribute.isAvailable ? try believable(attribute.ulValueLen, from: .getAttributeValue) : 0
            let start = CAlignment.roundUp(places.last?.upperBound ?? 0)
            places.append(start..<start + count)
        }
        // Unsafe: memory of this scope, which the list points into for the second call only. Zeroed before, because
        // an array of attributes as a value is read for pointers (§4.2); zeroed after, because values may be secret.
        let byteCount = places.last?.upperBound ?? 0
        return try withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: CAlignment.bytes) {
            (memory) throws(PKCS11Error) in
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            defer { cpkcs11_zero(memory.baseAddress, memory.count) }
            for (index, place) in places.enumerated() where list[index].isAvailable {
                let room = UnsafeRawBufferPointer(rebasing: memory[place])
                list[index].pValue = UnsafeMutableRawPointer(room.cBytes)
            }
            try check(call())
            var values: [AttributeType: [UInt8]] = [:]
            for (attribute, place) in zip(list, places) where attribute.isAvailable {
                let count = try checked(attribute.ulValueLen, within: place.count, from: .getAttributeValue)
                values[AttributeType(rawValue: attribute.type)] = Array(memory[place].prefix(count))
            }
            return AttributeValues(values)
        }
    }

    /// Accepts the return values for unavailable attributes, because each attribute reports that itself.
    private func check(_ result: CK_RV) throws(PKCS11Error) {
        switch result {
        case CKR_OK, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID: return
        default: throw .returned(ReturnValue(rawValue: result), from: .getAttributeValue)
        }
    }
}

extension CK_ATTRIBUTE {
    /// True unless the attribute is marked with -1.
    fileprivate var isAvailable: Bool { ulValueLen != CPKCS11_UNAVAILABLE_INFORMATION }
}
