internal import CPKCS11

/// A library's description of itself (`CK_INFO`, v2.40 §3.1).
public struct ModuleInfo: Sendable, Equatable {
    /// The version of PKCS #11 that the library implements.
    public let cryptokiVersion: Version
    /// At most 32 bytes of UTF-8, without the trailing blanks.
    public let manufacturer: String
    /// At most 32 bytes of UTF-8, without the trailing blanks.
    public let libraryDescription: String
    /// The version of the library itself.
    public let libraryVersion: Version

    init(_ info: CK_INFO) {
        cryptokiVersion = Version(info.cryptokiVersion)
        manufacturer = String(padded: info.manufacturerID)
        libraryDescription = String(padded: info.libraryDescription)
        libraryVersion = Version(info.libraryVersion)
    }
}
