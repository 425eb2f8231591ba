internal import CPKCS11

extension Module {
    /// Loads the library at a path and initializes it.
    ///
    /// The path is absolute, or relative to p11-kit's module directory. The module is used as it is, without p11-kit's
    /// wrappers around it (`P11_KIT_MODULE_UNMANAGED`).
    ///
    /// - Throws: ``PKCS11Error/moduleNotLoaded(path:reason:)``, or what `C_Initialize` returned.
    public static func load(path: String) throws(PKCS11Error) -> Module {
        guard let library = p11_kit_module_load(path, CInt(P11_KIT_MODULE_UNMANAGED | P11_KIT_MODULE_CRITICAL)) else {
            throw .moduleNotLoaded(path: path, reason: loadingFailure)
        }
        return try Module(library: library, location: path)
    }

    /// Takes over one p11-kit reference to a library.
    convenience init(library: UnsafeMutablePointer<CK_FUNCTION_LIST>, location: String) throws(PKCS11Error) {
        nonisolated(unsafe) let library = library  // An identity to p11-kit, which locks.
        try self.init(library, location: location) { p11_kit_module_release(library) }
    }

    /// p11-kit's last message on this thread: to be read at once after the call that failed.
    static var loadingFailure: String {
        guard let message = p11_kit_message() else { return "p11-kit gives no reason" }
        return String(cString: message)
    }
}
