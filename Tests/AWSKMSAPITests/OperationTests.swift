import Testing

@testable import AWSKMSAPI

@Suite
struct OperationTests {
    @Test(arguments: OperationName.allCases) func `have the names by which clients request them`(name: OperationName) {
        #expect(name.operation.name == name)
        #expect(Operation.all[name.rawValue]?.name == name)
    }

    @Test func `are answered for by the door, and others are unknown`() async throws {
        let door = try await Door()
        for name in OperationName.allCases {
            #expect(try await door.failure(name.rawValue, "{}")?.name != "UnknownOperationException", "\(name)")
        }
        for name in ["encrypt", "Encrypt ", "Encrypté", "", "ReEncryptTo", "PutKeyPolicies"] {
            #expect(try await door.failure(name, "{}")?.name == "UnknownOperationException", "\(name)")
        }
    }

    @Test func `of custom key stores and of several regions are refused, whatever is requested`() async throws {
        let door = try await Door()
        for name in OperationName.allCases where name.operation.shape.takesAnything {
            #expect(try await door.failure(name.rawValue, #"{"x": 1}"#)?.name == "UnsupportedOperationException")
        }
        #expect(OperationName.allCases.count { $0.operation.shape.takesAnything } == 9)
    }
}
