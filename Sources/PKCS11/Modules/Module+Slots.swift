internal import CPKCS11

extension Module {
    /// Returns the slots of the module, in its order (`C_GetSlotList`, v2.40 §5.5).
    ///
    /// The length is asked for first all the same, because only that call makes a module look for added or removed slots. SoftHSM
    /// thereby offers a free slot for a new token.
    ///
    /// - Parameter withToken: omits slots without a token.
    public func slots(withToken: Bool) throws(PKCS11Error) -> [Slot] {
        let present = CK_BBOOL(withToken ? CK_TRUE : CK_FALSE)
        var count: CK_ULONG = 0
        try call(.getSlotList, functions.pointee.C_GetSlotList) { $0(present, nil, &count) }
        let expected = try believable(count, from: .getSlotList)
        let ids: [CK_SLOT_ID] = try output(of: .getSlotList, expecting: expected) { ids, count in
            returnValue(of: functions.pointee.C_GetSlotList) { $0(present, ids, count) }
        }
        return ids.map { Slot(id: $0, module: self) }
    }
}
