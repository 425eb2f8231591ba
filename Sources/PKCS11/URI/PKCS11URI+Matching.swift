/// Matching (RFC 7512 §2.5): what the URI does not say matches everything, what it says has to be equal to the byte.
extension PKCS11URI {
    /// Whether a token is the one meant, and its slot too, if the number is given.
    ///
    /// A URI with vendor attributes in its path matches nothing: what nobody understands nobody can compare.
    public func matches(_ token: TokenInfo, slotID: UInt? = nil) -> Bool {
        vendorPathAttributes.isEmpty
            && Self.matches(self.token, token.label)
            && Self.matches(manufacturer, token.manufacturer)
            && Self.matches(model, token.model)
            && Self.matches(serial, token.serialNumber)
            && (self.slotID == nil || slotID == nil || self.slotID == slotID)
    }

    /// Whether a slot is the one meant, apart from its number and its token.
    public func matches(_ slot: SlotInfo) -> Bool {
        Self.matches(slotDescription, slot.description) && Self.matches(slotManufacturer, slot.manufacturer)
    }

    /// Whether a module is the one meant.
    public func matches(_ module: ModuleInfo) -> Bool {
        Self.matches(libraryManufacturer, module.manufacturer)
            && Self.matches(libraryDescription, module.libraryDescription)
            && (libraryVersion == nil || libraryVersion == module.libraryVersion)
    }

    /// The attributes to look for the object with; empty when the URI names none.
    public var objectTemplate: Template {
        var template: Template = []
        if let type { template.append(.class(type)) }
        if let object { template.append(.label(object)) }
        if let id { template.append(.id(id)) }
        return template
    }

    private static func matches(_ wanted: String?, _ found: String) -> Bool {
        guard let wanted else { return true }
        // By bytes: Swift's strings are equal also when they are composed differently.
        return wanted.utf8.elementsEqual(found.utf8)
    }
}

extension Module {
    /// The slots with a token that a URI means; more than one if it does not say enough.
    public func slots(matching uri: PKCS11URI) throws(PKCS11Error) -> [Slot] {
        guard uri.matches(try info()) else { return [] }
        var matching: [Slot] = []
        for slot in try slots(withToken: true) {
            if uri.matches(try slot.tokenInfo(), slotID: slot.id), uri.matches(try slot.info()) {
                matching.append(slot)
            }
        }
        return matching
    }
}
