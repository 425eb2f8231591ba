internal import CPKCS11

/// Modules that the system administrator registered with p11-kit, one file each (pkcs11.conf(5)).
///
/// Such a file can have an `x-init-reserved` string for `C_Initialize`, which NSS needs to find its database.
extension Module {
    /// Loads and initializes the module registered under a name: the name of its file, without `.module`.
    ///
    /// - Throws: ``PKCS11Error/moduleNotLoaded(path:reason:)`` with the name as path if no module has this name, or the error of
    ///   `C_Initialize`.
    public static func registered(named name: String) throws(PKCS11Error) -> Module {
        let list = try loadRegistered()
        guard let wanted = p11_kit_module_for_name(list, name) else {
            p11_kit_modules_release(list)
            throw .moduleNotLoaded(path: name, reason: "no module is registered with p11-kit under this name")
        }
        release(list, keeping: [wanted])
        return try Module(library: wanted, location: name, initReserved: initReserved(of: wanted))
    }

    /// Loads and initializes all registered modules, in p11-kit's order of priority.
    ///
    /// A module that fails is omitted, unless its file marks it `critical`; then this throws.
    public static func registered() throws(PKCS11Error) -> [Module] {
        let list = try loadRegistered()
        let libraries = entries(of: list)
        release(list, keeping: libraries)
        var modules: [Module] = []
        var failure: PKCS11Error?
        for library in libraries {
            let isCritical = Int(p11_kit_module_get_flags(library)) & P11_KIT_MODULE_CRITICAL != 0
            do throws(PKCS11Error) {
                // Done even after a failure, because each library must be taken over to be released.
                modules.append(
                    try Module(
                        library: library, location: name(of: library), initReserved: initReserved(of: library)))
            } catch  where isCritical {
                failure = failure ?? error
            } catch {
                continue
            }
        }
        if let failure { throw failure }
        return modules
    }
}

extension Module {
    /// The list of registered modules from p11-kit: a null-terminated array that this code releases.
    private typealias List = UnsafeMutablePointer<UnsafeMutablePointer<CK_FUNCTION_LIST>?>

    private static func loadRegistered() throws(PKCS11Error) -> List {
        guard let list = p11_kit_modules_load(nil, CInt(P11_KIT_MODULE_UNMANAGED)) else {
            throw .moduleNotLoaded(path: "p11-kit's registered modules", reason: loadingFailure)
        }
        return list
    }

    private static func entries(of list: List) -> [UnsafeMutablePointer<CK_FUNCTION_LIST>] {
        var entries: [UnsafeMutablePointer<CK_FUNCTION_LIST>] = []
        while let entry = list[entries.count] { entries.append(entry) }
        return entries
    }

    /// Frees the list and its references, except those that the caller takes over.
    ///
    /// p11-kit frees a list only together with all references in it, so the kept ones are removed first.
    private static func release(_ list: List, keeping kept: [UnsafeMutablePointer<CK_FUNCTION_LIST>]) {
        let released = entries(of: list).filter { !kept.contains($0) }
        for (index, entry) in released.enumerated() { list[index] = entry }
        list[released.count] = nil
        p11_kit_modules_release(list)
    }

    /// Returns the `x-init-reserved` string in the module's file.
    private static func initReserved(of library: UnsafeMutablePointer<CK_FUNCTION_LIST>) -> String? {
        guard let text = p11_kit_config_option(library, "x-init-reserved") else { return nil }
        defer { cpkcs11_free(text) }
        return String(cString: text)
    }

    private static func name(of library: UnsafeMutablePointer<CK_FUNCTION_LIST>) -> String {
        guard let name = p11_kit_module_get_name(library) else { return "unnamed module" }
        defer { cpkcs11_free(name) }
        return String(cString: name)
    }
}
