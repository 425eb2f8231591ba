internal import CPKCS11

/// The class of an object (`CK_OBJECT_CLASS`, v2.40 §3.4).
public struct ObjectClass: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    public static let data = ObjectClass(rawValue: CKO_DATA)
    public static let certificate = ObjectClass(rawValue: CKO_CERTIFICATE)
    public static let publicKey = ObjectClass(rawValue: CKO_PUBLIC_KEY)
    public static let privateKey = ObjectClass(rawValue: CKO_PRIVATE_KEY)
    public static let secretKey = ObjectClass(rawValue: CKO_SECRET_KEY)
    public static let domainParameters = ObjectClass(rawValue: CKO_DOMAIN_PARAMETERS)
    public static let mechanism = ObjectClass(rawValue: CKO_MECHANISM)
}
