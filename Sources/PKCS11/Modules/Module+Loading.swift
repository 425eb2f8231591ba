internal import CPKCS11

extension Module {
    /// Loads the library at a path and initializes it.
    ///
    /// The path is absolute, or relative to p11-kit's module directory. The module is used as it is, without p11-kit's
    /// wrappers around it (`P11_KIT_MODULE_UNMANAGED`).
    ///
    /// - Throws: ``PKCS11Error/moduleNotLoaded(path:reason:)``, or what `C_Initialize` returned.
    public static func load(path: String) throws(PKCS11Error) -> Module {
        guard let functions = p11_kit_module_load(path, loadingFlags) else {
            throw .moduleNotLoaded(path: path, reason: loadingFailure)
        }
        return try initialize(functions, location: path)
    }

    /// Initializes a loaded module, and releases it again if it does not want to be.
    static func initialize(
        _ functions: UnsafeMutablePointer<CK_FUNCTION_LIST>, location: String
    ) throws(PKCS11Error) -> Module {
        let result = p11_kit_module_initialize(functions)
        guard result == CKR_OK else {
            p11_kit_module_release(functions)
            throw .returned(ReturnValue(rawValue: result), from: .initialize)
        }
        return Module(adopting: functions, location: location)
    }

    /// The module's own function list, and a failure to load is a failure.
    static var loadingFlags: CInt { CInt(P11_KIT_MODULE_UNMANAGED | P11_KIT_MODULE_CRITICAL) }

    /// p11-kit's last message on this thread: to be read at once after the call that failed.
    static var loadingFailure: String {
        guard let message = p11_kit_message() else { return "p11-kit gives no reason" }
        return String(cString: message)
    }
}
