import Testing

@testable import AWSKMSAPI

@Suite("The operations of the door")
struct OperationTests {
    @Test("have the names by which clients request them", arguments: OperationName.allCases)
    func names(name: OperationName) {
        #expect(name.operation.name == name)
        #expect(Operation.all[name.rawValue]?.name == name)
    }

    @Test("are answered for by the door, and others are unknown")
    func unknown() async throws {
        let door = try await Door()
        for name in OperationName.allCases {
            #expect(try await door.failure(name.rawValue, "{}")?.name != "UnknownOperationException", "\(name)")
        }
        for name in ["encrypt", "Encrypt ", "Encrypté", "", "ReEncryptTo", "PutKeyPolicies"] {
            #expect(try await door.failure(name, "{}")?.name == "UnknownOperationException", "\(name)")
        }
    }

    @Test("of custom key stores and of several regions are refused, whatever is requested")
    func refused() async throws {
        let door = try await Door()
        for name in OperationName.allCases where name.operation.shape.takesAnything {
            #expect(try await door.failure(name.rawValue, #"{"x": 1}"#)?.name == "UnsupportedOperationException")
        }
        #expect(OperationName.allCases.count { $0.operation.shape.takesAnything } == 9)
    }
}
