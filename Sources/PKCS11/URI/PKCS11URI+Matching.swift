/// Matching (RFC 7512 §2.5): a missing attribute matches everything, and a given one must be equal byte for byte.
extension PKCS11URI {
    /// Returns true if a token matches, and its slot too, if its number is given.
    ///
    /// A URI with vendor attributes in its path matches nothing, because unknown attributes cannot be compared.
    public func matches(_ token: TokenInfo, slotID: UInt? = nil) -> Bool {
        vendorPathAttributes.isEmpty
            && Self.matches(self.token, token.label)
            && Self.matches(manufacturer, token.manufacturer)
            && Self.matches(model, token.model)
            && Self.matches(serial, token.serialNumber)
            && (self.slotID == nil || slotID == nil || self.slotID == slotID)
    }

    /// Returns true if a slot matches, apart from its number and its token.
    public func matches(_ slot: SlotInfo) -> Bool {
        Self.matches(slotDescription, slot.description) && Self.matches(slotManufacturer, slot.manufacturer)
    }

    /// Returns true if a module matches.
    public func matches(_ module: ModuleInfo) -> Bool {
        Self.matches(libraryManufacturer, module.manufacturer)
            && Self.matches(libraryDescription, module.libraryDescription)
            && (libraryVersion == nil || libraryVersion == module.libraryVersion)
    }

    /// The attributes by which to find the object; empty if the URI names none.
    public var objectTemplate: Template {
        var template: Template = []
        if let type { template.append(.class(type)) }
        if let object { template.append(.label(object)) }
        if let id { template.append(.id(id)) }
        return template
    }

    private static func matches(_ wanted: String?, _ found: String) -> Bool {
        guard let wanted else { return true }
        // Compared by bytes, because Swift's strings are equal even if they are composed differently.
        return wanted.utf8.elementsEqual(found.utf8)
    }
}

extension Module {
    /// Returns the slots whose tokens match a URI; several if the URI is not specific enough.
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
