extension PKCS11URI {
    /// Parses a URI (RFC 7512 §2.3).
    public init(_ text: String) throws(PKCS11URIError) {
        let bytes = Array(text.utf8)
        let scheme = Array("pkcs11:".utf8)
        guard bytes.count >= scheme.count, zip(bytes, scheme).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else {
            throw PKCS11URIError(reason: .wrongScheme, attribute: nil, offset: 0)
        }
        let rest = bytes[scheme.count...]
        // The first question mark ends the path; in the query it is an ordinary character.
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        self.init()
        try read(rest[..<mark], as: .path)
        try read(rest[mark...].dropFirst(), as: .query)
    }

    private mutating func read(_ text: ArraySlice<UInt8>, as component: URIComponent) throws(PKCS11URIError) {
        guard !text.isEmpty else { return }
        var names: Set<String> = []
        for piece in text.split(separator: component.separator, omittingEmptySubsequences: false) {
            let attribute = try RawURIAttribute(piece, in: component)
            // Vendor attributes may be repeated in the query, and only there (§2.3).
            let mayRepeat =
                component == .query && !URIComponent.path.owns(attribute.name) && !component.owns(attribute.name)
            guard names.insert(attribute.name).inserted || mayRepeat else { throw attribute.error(.duplicate) }
            switch component {
            case .path: try setPath(attribute)
            case .query: try setQuery(attribute)
            }
        }
    }

    private mutating func setPath(_ attribute: RawURIAttribute) throws(PKCS11URIError) {
        switch attribute.name {
        case "token": token = try attribute.text()
        case "manufacturer": manufacturer = try attribute.text()
        case "model": model = try attribute.text()
        case "serial": serial = try attribute.text()
        case "slot-id": slotID = try attribute.number()
        case "slot-description": slotDescription = try attribute.text()
        case "slot-manufacturer": slotManufacturer = try attribute.text()
        case "library-manufacturer": libraryManufacturer = try attribute.text()
        case "library-description": libraryDescription = try attribute.text()
        case "library-version": libraryVersion = try attribute.version()
        case "object": object = try attribute.text()
        case "type": type = try attribute.objectClass()
        case "id": id = attribute.value
        case let name where URIComponent.query.owns(name): throw attribute.error(.wrongComponent)
        case let name: vendorPathAttributes.append(VendorAttribute(name: name, value: try attribute.text()))
        }
    }

    private mutating func setQuery(_ attribute: RawURIAttribute) throws(PKCS11URIError) {
        switch attribute.name {
        case "module-path": modulePath = try attribute.text()
        case "module-name": moduleName = try attribute.text()
        case "x-init-reserved": initReserved = try attribute.text()
        case "pin-source": pinSource = try attribute.text()
        case "pin-value": pinValue = PIN(attribute.value)
        case let name where URIComponent.path.owns(name): throw attribute.error(.wrongComponent)
        case let name: vendorQueryAttributes.append(VendorAttribute(name: name, value: try attribute.text()))
        }
    }
}
