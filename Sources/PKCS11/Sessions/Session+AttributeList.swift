internal import CPKCS11

extension Session {
    /// Reads many attributes of an object in two calls, however many they are (`C_GetAttributeValue`, v2.40 §5.7).
    ///
    /// Those that the object does not have, and those that the token does not show, are missing in the answer.
    public func attributes(
        _ types: [AttributeType], of object: ObjectHandle
    ) throws(PKCS11Error) -> AttributeValues {
        guard !types.isEmpty else { return AttributeValues([:]) }
        // Unsafe: an array of this scope; its values point into `memory` below, which lives as long as they are used.
        return try withUnsafeTemporaryAllocation(of: CK_ATTRIBUTE.self, capacity: types.count) {
            (list) throws(PKCS11Error) in
            for (index, type) in types.enumerated() {
                list[index] = CK_ATTRIBUTE(type: type.rawValue, pValue: nil, ulValueLen: 0)
            }
            try read(list, of: object)
            // The first call has put the lengths in, and -1 for what there is not.
            var count = 0
            for attribute in list where attribute.isAvailable {
                count += try module.believable(attribute.ulValueLen, from: .getAttributeValue)
            }
            return try withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { (memory) throws(PKCS11Error) in
                defer { cpkcs11_zero(memory.baseAddress, memory.count) }
                return try values(of: list, of: object, in: memory)
            }
        }
    }

    private func values(
        of list: UnsafeMutableBufferPointer<CK_ATTRIBUTE>, of object: ObjectHandle,
        in memory: UnsafeMutableRawBufferPointer
    ) throws(PKCS11Error) -> AttributeValues {
        var list = list
        let available = list.partition { !$0.isAvailable }
        let present = UnsafeMutableBufferPointer(rebasing: list[..<available])
        guard !present.isEmpty else { return AttributeValues([:]) }
        var rooms: [UnsafeMutableRawBufferPointer] = []
        var rest = memory[...]
        for index in present.indices {
            let room = UnsafeMutableRawBufferPointer(rebasing: rest.prefix(Int(present[index].ulValueLen)))
            rest = rest.dropFirst(room.count)
            present[index].pValue = UnsafeMutableRawPointer(room.cBytes)
            rooms.append(room)
        }
        try read(present, of: object)
        var values: [AttributeType: [UInt8]] = [:]
        for (attribute, room) in zip(present, rooms) where attribute.isAvailable {
            let count = try module.checked(attribute.ulValueLen, within: room.count, from: .getAttributeValue)
            values[AttributeType(rawValue: attribute.type)] = Array(room.prefix(count))
        }
        return AttributeValues(values)
    }

    /// One call. That some attributes cannot be had is no failure: each says so by itself.
    private func read(
        _ list: UnsafeMutableBufferPointer<CK_ATTRIBUTE>, of object: ObjectHandle
    ) throws(PKCS11Error) {
        let result = module.returnValue(of: functions.pointee.C_GetAttributeValue) {
            $0(handle, object.rawValue, list.baseAddress, CK_ULONG(list.count))
        }
        switch result {
        case CKR_OK, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID: return
        default: throw .returned(ReturnValue(rawValue: result), from: .getAttributeValue)
        }
    }
}

extension CK_ATTRIBUTE {
    /// Not marked with -1 for "sensitive" or "no such attribute".
    fileprivate var isAvailable: Bool { ulValueLen != CPKCS11_UNAVAILABLE_INFORMATION }
}
