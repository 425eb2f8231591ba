internal import CPKCS11
internal import Synchronization

/// The initialized libraries of this process, and the number of ``Module`` objects that use each.
///
/// A library is initialized once per process, however often it is loaded. p11-kit counts, but only for modules that it wraps. On
/// a module's own function list, its `p11_kit_module_initialize` calls `C_Initialize(NULL)`, which promises that the process
/// never calls from a second thread. So both initialization and finalization are done here.
enum Initialization {
    private struct Use {
        var count: Int
        /// False if other code in the process had initialized the library. That code also finalizes it.
        let isOurs: Bool
        /// The string with which it was initialized.
        let reserved: String?
    }

    /// The uses by the address of the function list. The lock is held during `C_Initialize` and `C_Finalize`, so that these never
    /// overlap.
    private static let uses = Mutex<[UInt: Use]>([:])

    /// Initializes the library, unless it is already initialized.
    ///
    /// - Throws: the error of `C_Initialize`; ``PKCS11Error/moduleNotLoaded(path:reason:)`` if it is initialized with another
    ///   string, because its tokens are then not the requested ones.
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
            // A library that was lost is initialized with the same string again.
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
            // A failure to finalize has no remedy and no receiver.
            _ = functions.pointee.C_Finalize?(nil)
        }
    }

    /// Returns true if the library reports that it is initialized. A library lost with its device must be initialized again.
    private static func isInitialized(_ functions: UnsafePointer<CK_FUNCTION_LIST>) -> Bool {
        var info = CK_INFO()
        return functions.pointee.C_GetInfo?(&info) != CKR_CRYPTOKI_NOT_INITIALIZED
    }

    /// Calls `C_Initialize` for several threads: the module locks with the operating system's primitives (v2.40 §5.4, case 2).
    private static func initialize(_ functions: UnsafePointer<CK_FUNCTION_LIST>, _ reserved: String?) -> CK_RV {
        guard let entry = functions.pointee.C_Initialize else { return CKR_FUNCTION_NOT_SUPPORTED }
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CKF_OS_LOCKING_OK
        guard var text = reserved.map({ Array($0.utf8CString) }) else { return entry(&arguments) }
        // Unsafe: this function's own array, valid in the closure; modules that use the string copy it during the call.
        return text.withUnsafeMutableBytes { text in
            arguments.pReserved = text.baseAddress
            return entry(&arguments)
        }
    }
}
