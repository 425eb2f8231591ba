internal import CPKCS11

/// A place for a token: a card reader, a partition of an HSM, or one token of SoftHSM.
///
/// Slots are equal if they have the same number in the same ``Module`` object.
public struct Slot: Hashable, Sendable {
    /// The module's number of the slot. It may differ in the next process.
    public let id: UInt
    /// The library of the slot. Its slots keep it alive.
    public let module: Module

    init(id: CK_SLOT_ID, module: Module) {
        self.id = id
        self.module = module
    }

    public static func == (lhs: Slot, rhs: Slot) -> Bool {
        lhs.id == rhs.id && lhs.module === rhs.module
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(ObjectIdentifier(module))
    }
}

extension Slot {
    /// Returns description, manufacturer and state of the slot (`C_GetSlotInfo`, v2.40 §5.5).
    public func info() throws(PKCS11Error) -> SlotInfo {
        var info = CK_SLOT_INFO()
        try module.call(.getSlotInfo, module.functions.pointee.C_GetSlotInfo) { $0(id, &info) }
        return SlotInfo(info)
    }

    /// Returns label, serial number, state and limits of the token (`C_GetTokenInfo`, v2.40 §5.5).
    ///
    /// - Throws: `CKR_TOKEN_NOT_PRESENT` if the slot is empty.
    public func tokenInfo() throws(PKCS11Error) -> TokenInfo {
        var info = CK_TOKEN_INFO()
        try module.call(.getTokenInfo, module.functions.pointee.C_GetTokenInfo) { $0(id, &info) }
        return TokenInfo(info)
    }

    /// Returns the mechanisms of the token (`C_GetMechanismList`, v2.40 §5.5).
    ///
    /// A mechanism in this list may still refuse parameters, so callers should test the ones that they depend on.
    public func mechanisms() throws(PKCS11Error) -> [MechanismType] {
        let types: [CK_MECHANISM_TYPE] = try module.output(of: .getMechanismList, expecting: 256) { types, count in
            module.returnValue(of: module.functions.pointee.C_GetMechanismList) { $0(id, types, count) }
        }
        return types.map(MechanismType.init(rawValue:))
    }

    /// Returns key sizes and uses of a mechanism (`C_GetMechanismInfo`, v2.40 §5.5).
    ///
    /// - Throws: `CKR_MECHANISM_INVALID` if the token does not support it.
    public func mechanismInfo(_ type: MechanismType) throws(PKCS11Error) -> MechanismInfo {
        var info = CK_MECHANISM_INFO()
        try module.call(.getMechanismInfo, module.functions.pointee.C_GetMechanismInfo) { $0(id, type.rawValue, &info) }
        return MechanismInfo(info)
    }
}
