internal import CPKCS11

/// Modules that the system administrator registered with p11-kit, one file each (pkcs11.conf(5)).
///
/// Such a file can carry what a path cannot: an `x-init-reserved` string that p11-kit passes to `C_Initialize`, which NSS
/// needs to find its database.
extension Module {
    /// Loads and initializes the module registered under a name: the name of its file, without `.module`.
    ///
    /// - Throws: ``PKCS11Error/moduleNotLoaded(path:reason:)`` with the name as path when there is none of this name, or
    ///   what `C_Initialize` returned.
    public static func registered(named name: String) throws(PKCS11Error) -> Module {
        let list = try loadRegistered()
        guard let wanted = p11_kit_module_for_name(list, name) else {
            p11_kit_modules_release(list)
            throw .moduleNotLoaded(path: name, reason: "no module is registered with p11-kit under this name")
        }
        release(list, keeping: [wanted])
        return try initialize(wanted, location: name)
    }

    /// Loads and initializes all registered modules, in p11-kit's order of priority.
    ///
    /// One that fails is left out, unless its file calls it `critical`; then this throws.
    public static func registered() throws(PKCS11Error) -> [Module] {
        let list = try loadRegistered()
        // Modules that fail are taken out of the list and released through the callback.
        let result = p11_kit_modules_initialize(list) { failed in
            p11_kit_module_release(failed?.assumingMemoryBound(to: CK_FUNCTION_LIST.self))
        }
        guard result == CKR_OK else {
            p11_kit_modules_release(list)
            throw .returned(ReturnValue(rawValue: result), from: .initialize)
        }
        let modules = entries(of: list)
        release(list, keeping: modules)
        return modules.map { Module(adopting: $0, location: name(of: $0)) }
    }
}

extension Module {
    /// p11-kit's list of registered modules: an array that ends with null, ours to release.
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

    /// Frees the list and the references it holds, except to what the caller takes over.
    ///
    /// p11-kit frees a list only together with all references in it, so the ones to keep are taken out before.
    private static func release(_ list: List, keeping kept: [UnsafeMutablePointer<CK_FUNCTION_LIST>]) {
        let released = entries(of: list).filter { !kept.contains($0) }
        for (index, entry) in released.enumerated() { list[index] = entry }
        list[released.count] = nil
        p11_kit_modules_release(list)
    }

    private static func name(of functions: UnsafeMutablePointer<CK_FUNCTION_LIST>) -> String {
        guard let name = p11_kit_module_get_name(functions) else { return "unnamed module" }
        defer { cpkcs11_free(name) }
        return String(cString: name)
    }
}
