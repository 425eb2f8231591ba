import CPKCS11
import Synchronization

@testable import PKCS11

/// A module that answers as a test requires, for behaviour that no real module has.
///
/// Its functions are C functions, which capture nothing. So a test that needs the arguments uses a function that writes to a
/// global of its own.
final class FakeModule: @unchecked Sendable {
    // `@unchecked Sendable`: written only in `init`, and never freed, because a module may outlive the test.
    let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
    let unloads = Mutex(0)

    init(_ configure: (inout CK_FUNCTION_LIST) -> Void) {
        functions = .allocate(capacity: 1)
        var list = CK_FUNCTION_LIST()
        list.C_Initialize = { _ in CKR_OK }
        list.C_Finalize = { _ in CKR_OK }
        list.C_OpenSession = { _, _, _, _, handle in
            handle?.pointee = 7
            return CKR_OK
        }
        list.C_CloseSession = { _ in CKR_OK }
        configure(&list)
        functions.initialize(to: list)
    }

    func load(initReserved: String? = nil) throws -> Module {
        try Module(functions, location: "fake", initReserved: initReserved) { self.unloads.withLock { $0 += 1 } }
    }

    func session() throws -> sending Session {
        try Slot(id: 0, module: load()).openSession(.readWrite)
    }
}
