internal import CPKCS11

extension Module {
    /// Loads the library at a path and initializes it.
    ///
    /// The path is absolute, or relative to p11-kit's module directory. The module is used directly, without p11-kit's wrappers
    /// around it (`P11_KIT_MODULE_UNMANAGED`).
    ///
    /// - Parameters:
    ///   - path: the path of the library.
    ///   - initReserved: a string that the library needs in the `pReserved` of `C_Initialize`, as NSS does to find its database.
    ///     The standard requires null there (v2.40 §5.4), and most libraries refuse anything else.
    /// - Throws: ``PKCS11Error/moduleNotLoaded(path:reason:)``, also if the library is in use with another string; or the error
    ///   of `C_Initialize`.
    public static func load(path: String, initReserved: String? = nil) throws(PKCS11Error) -> Module {
        guard let library = p11_kit_module_load(path, CInt(P11_KIT_MODULE_UNMANAGED | P11_KIT_MODULE_CRITICAL)) else {
            throw .moduleNotLoaded(path: path, reason: loadingFailure)
        }
        return try Module(library: library, location: path, initReserved: initReserved)
    }

    /// Takes over one p11-kit reference to a library.
    convenience init(
        library: UnsafeMutablePointer<CK_FUNCTION_LIST>, location: String, initReserved: String?
    ) throws(PKCS11Error) {
        nonisolated(unsafe) let library = library  // An identity to p11-kit, which locks.
        try self.init(library, location: location, initReserved: initReserved) { p11_kit_module_release(library) }
    }

    /// The last message of p11-kit on this thread. It must be read immediately after the failed call.
    static var loadingFailure: String {
        guard let message = p11_kit_message() else { return "p11-kit gives no reason" }
        return String(cString: message)
    }
}
