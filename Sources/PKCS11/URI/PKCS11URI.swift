/// A reference to a token, slot, object or module as one line of text: `pkcs11:token=kms?module-path=/usr/lib/hsm.so` (RFC 7512).
///
/// The path lists the attributes that must match; a missing attribute matches everything (§2.5). The query gives the means of
/// access.
///
/// Parsing is strict. A wrong escape, an attribute given twice, or one in the wrong half is an error, which reports its offset.
/// Names unknown to the RFC are vendor attributes and are kept, except `x-init-reserved`, which has a meaning here.
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

    /// `slot-id`: the module's number of the slot. It may change from run to run.
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
    /// `library-version`; a missing minor part is 0.
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
    /// `module-name`: the name of a registered module, or a library's name without `lib` and `.so`.
    public var moduleName: String?
    /// `x-init-reserved`: the string for the module's `C_Initialize`, see ``Module/load(path:initReserved:)``. The name is not in
    /// the RFC; it is that of p11-kit's module files (pkcs11.conf(5)). It is printed, so it must not be a secret.
    public var initReserved: String?
    /// `pin-source`: the location of the PIN, as a `file:` URI or a path. Its meaning is up to the application (§2.4).
    public var pinSource: String?
    /// `pin-value`: the PIN itself. It is never printed or encoded again. The RFC warns against it (§4), because the text of the
    /// URI ends up in configuration files and lists of processes.
    public var pinValue: PIN?

    // MARK: The rest

    /// The names in the path that are unknown to the RFC. A URI with any of them matches nothing here.
    public var vendorPathAttributes: [VendorAttribute] = []
    /// The names in the query that are unknown to the RFC; a name may occur several times.
    public var vendorQueryAttributes: [VendorAttribute] = []

    /// An attribute that is unknown to the RFC.
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

    /// Creates a URI that matches everything.
    public init() {}
}
