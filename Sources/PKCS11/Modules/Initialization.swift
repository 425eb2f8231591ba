internal import CPKCS11
internal import Synchronization

/// Which libraries of this process are initialized, and how many ``Module`` objects use each.
///
/// A library is initialized once for the process, however often it is loaded. p11-kit would count, but only for
/// modules that it wraps; on a module's own function list its `p11_kit_module_initialize` calls `C_Initialize(NULL)`,
/// which promises that no second thread will ever come. So both ends are done here.
enum Initialization {
    private struct Use {
        var count: Int
        /// False if somebody else in the process had initialized the library, who then finalizes it, too.
        let isOurs: Bool
        /// The string that it was initialized with.
        let reserved: String?
    }

    /// By the address of the function list. Held during `C_Initialize` and `C_Finalize`, so that these never overlap.
    private static let uses = Mutex<[UInt: Use]>([:])

    /// Initializes the library, unless it is already.
    ///
    /// - Throws: what `C_Initialize` returned; ``PKCS11Error/moduleNotLoaded(path:reason:)`` when it is initialized with another
    ///   string, for then its tokens are not those that are meant.
    static func begin(
        _ functions: UnsafePointer<CK_FUNCTION_LIST>, location: String, reserved: String?
    ) throws(PKCS11Error) {
        try uses.withLock { (uses) throws(PKCS11Error) in
            let library = UInt(bitPattern: functions)
            if let use = uses[library], isInitialized(functions) {
                guard reserved == nil || reserved == use.reserved else {
                    throw .moduleNotLoaded(
                        path: location, reason: "this process has it in use with another x-init-reserved")
                }
                uses[library] = Use(count: use.count + 1, isOurs: use.isOurs, reserved: use.reserved)
                return
            }
            // One that was lost comes back as it was.
            let reserved = reserved ?? uses[library]?.reserved
            let result = initialize(functions, reserved)
            guard result == CKR_OK || result == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
                throw .returned(ReturnValue(rawValue: result), from: .initialize)
            }
            uses[library] = Use(
                count: (uses[library]?.count ?? 0) + 1, isOurs: result == CKR_OK, reserved: reserved)
        }
    }

    /// Finalizes the library after its last use.
    static func end(_ functions: UnsafePointer<CK_FUNCTION_LIST>) {
        uses.withLock { uses in
            let library = UInt(bitPattern: functions)
            guard let use = uses[library] else { return }
            uses[library] =
                use.count > 1 ? Use(count: use.count - 1, isOurs: use.isOurs, reserved: use.reserved) : nil
            guard use.count == 1, use.isOurs else { return }
            // Nothing is left to do about a module that fails to finalize, and nobody to tell.
            _ = functions.pointee.C_Finalize?(nil)
        }
    }

    /// Whether the library still says so: one that was lost with its device has to be initialized anew.
    private static func isInitialized(_ functions: UnsafePointer<CK_FUNCTION_LIST>) -> Bool {
        var info = CK_INFO()
        return functions.pointee.C_GetInfo?(&info) != CKR_CRYPTOKI_NOT_INITIALIZED
    }

    /// `C_Initialize` for many threads: the module locks with what the operating system has (v2.40 §5.4, case 2).
    private static func initialize(_ functions: UnsafePointer<CK_FUNCTION_LIST>, _ reserved: String?) -> CK_RV {
        guard let entry = functions.pointee.C_Initialize else { return CKR_FUNCTION_NOT_SUPPORTED }
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CKF_OS_LOCKING_OK
        guard var text = reserved.map({ Array($0.utf8CString) }) else { return entry(&arguments) }
        // Unsafe: this function's own array, valid in the closure; modules that want the string copy it during the call.
        return text.withUnsafeMutableBytes { text in
            arguments.pReserved = text.baseAddress
            return entry(&arguments)
        }
    }
}
