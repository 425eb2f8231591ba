/// Which token, slot, object or module is meant, as one line of text: `pkcs11:token=kms?module-path=/usr/lib/hsm.so`
/// (RFC 7512).
///
/// The path says what has to match; what it does not say matches everything (§2.5). The query says how to get there.
///
/// Parsing is strict: a wrong escape, an attribute given twice, or one in the wrong half is an error, with the place
/// where it stands. Names that the RFC does not know are vendor attributes and kept, but for `x-init-reserved`, which is
/// understood here.
public struct PKCS11URI: Sendable, Equatable {
    // MARK: The token

    /// `token`: the label of the token.
    public var token: String?
    /// `manufacturer` of the token.
    public var manufacturer: String?
    /// `model` of the token.
    public var model: String?
    /// `serial`: the serial number of the token.
    public var serial: String?

    // MARK: The slot

    /// `slot-id`: the module's number of the slot. May change from run to run.
    public var slotID: UInt?
    /// `slot-description`.
    public var slotDescription: String?
    /// `slot-manufacturer`.
    public var slotManufacturer: String?

    // MARK: The module

    /// `library-manufacturer`.
    public var libraryManufacturer: String?
    /// `library-description`.
    public var libraryDescription: String?
    /// `library-version`; without a minor part that is 0.
    public var libraryVersion: Version?

    // MARK: The object

    /// `object`: the label of the object.
    public var object: String?
    /// `type`: the class of the object: `public`, `private`, `cert`, `secret-key` or `data`.
    public var type: ObjectClass?
    /// `id`: the bytes of `CKA_ID`.
    public var id: [UInt8]?

    // MARK: The query

    /// `module-path`: the file to load.
    public var modulePath: String?
    /// `module-name`: a module that is registered, or a library's name without `lib` and `.so`.
    public var moduleName: String?
    /// `x-init-reserved`: the string for the module's `C_Initialize`, see ``Module/load(path:initReserved:)``. No name of the
    /// RFC's; it is called as in p11-kit's module files (pkcs11.conf(5)). It is printed, so it is no place for a secret.
    public var initReserved: String?
    /// `pin-source`: where the PIN is, as a `file:` URI or a path. What it means is up to the application (§2.4).
    public var pinSource: String?
    /// `pin-value`: the PIN itself. Never printed, nor encoded again. The RFC warns of it (§4), as the text of the
    /// URI ends up in configuration files and lists of processes.
    public var pinValue: PIN?

    // MARK: The rest

    /// Names in the path that the RFC does not know. A URI with any of them matches nothing here.
    public var vendorPathAttributes: [VendorAttribute] = []
    /// Names in the query that the RFC does not know; the same one may come more than once.
    public var vendorQueryAttributes: [VendorAttribute] = []

    /// An attribute that the RFC does not know.
    public struct VendorAttribute: Sendable, Hashable {
        /// Letters, digits, `-` and `_`.
        public let name: String
        /// Decoded; any UTF-8.
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A URI that matches everything.
    public init() {}
}
