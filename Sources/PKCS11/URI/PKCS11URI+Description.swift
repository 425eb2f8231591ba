extension PKCS11URI: CustomStringConvertible, CustomDebugStringConvertible {
    /// The URI as text, in a fixed order and without `pin-value`. It is safe to log. Parsing it gives the same URI, except for
    /// the PIN.
    public var description: String {
        let path: [(String, String?)] = [
            ("token", token.map(Self.encodePath)),
            ("manufacturer", manufacturer.map(Self.encodePath)),
            ("model", model.map(Self.encodePath)),
            ("serial", serial.map(Self.encodePath)),
            ("slot-id", slotID.map { String($0) }),
            ("slot-description", slotDescription.map(Self.encodePath)),
            ("slot-manufacturer", slotManufacturer.map(Self.encodePath)),
            ("library-manufacturer", libraryManufacturer.map(Self.encodePath)),
            ("library-description", libraryDescription.map(Self.encodePath)),
            ("library-version", libraryVersion.map(\.description)),
            ("object", object.map(Self.encodePath)),
            ("type", type.flatMap(Self.name)),
            // All bytes are escaped, as the RFC recommends for bytes that are not text (§2.3).
            ("id", id.map { $0.map(Self.escape).joined() }),
        ]
        let query: [(String, String?)] = [
            ("module-name", moduleName.map(Self.encodeQuery)),
            ("module-path", modulePath.map(Self.encodeQuery)),
            ("x-init-reserved", initReserved.map(Self.encodeQuery)),
            ("pin-source", pinSource.map(Self.encodeQuery)),
        ]
        let pathText = Self.join(
            path + vendorPathAttributes.map { ($0.name, Self.encodePath($0.value)) }, separator: ";")
        let queryText = Self.join(
            query + vendorQueryAttributes.map { ($0.name, Self.encodeQuery($0.value)) }, separator: "&")
        return "pkcs11:" + pathText + (queryText.isEmpty ? "" : "?" + queryText)
    }

    public var debugDescription: String { description }

    private static func join(_ attributes: [(name: String, value: String?)], separator: String) -> String {
        attributes.compactMap { attribute in attribute.value.map { "\(attribute.name)=\($0)" } }
            .joined(separator: separator)
    }

    private static func encodePath(_ text: String) -> String { encode(text, in: .path) }
    private static func encodeQuery(_ text: String) -> String { encode(text, in: .query) }

    private static func encode(_ text: String, in component: URIComponent) -> String {
        text.utf8.map { component.allows($0) ? String(UnicodeScalar($0)) : escape($0) }.joined()
    }

    private static func escape(_ byte: UInt8) -> String {
        (byte < 0x10 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }

    private static func name(of objectClass: ObjectClass) -> String? {
        ObjectClass.uriNames.first { $0.class == objectClass }?.name
    }
}
