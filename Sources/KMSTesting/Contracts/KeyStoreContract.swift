package import KeyManagement

/// The contract of every ``/KeyManagement/KeyStore``, clause by clause. An adapter's tests run them all, each on a new store:
///
///     @Test("keeps the contract", arguments: KeyStoreContract.all)
///     func contract(_ clause: KeyStoreClause) async throws { try await clause.check(newStore()) }
package enum KeyStoreContract {
    package static let all: [KeyStoreClause] =
        bindingClauses + directoryClauses + keyClauses + changeClauses + versionClauses + readingClauses + topicClauses
        + stateClauses
        + expiryClauses
}

/// One promise of a store.
package struct KeyStoreClause: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    package let name: String
    /// The check, which throws a ``ContractViolation`` if the store breaks the promise. The store must be new.
    package let check: @Sendable (any KeyStore) async throws -> Void

    init(_ name: String, check: @escaping @Sendable (any KeyStore) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var description: String { name }
}

/// A violation of the contract by a store or a token.
package struct ContractViolation: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension KeyStoreContract {
    static func require(_ claim: Bool, _ otherwise: @autoclosure () -> String) throws {
        if !claim { throw ContractViolation(otherwise()) }
    }

    static func requireEqual<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String) throws {
        if found != expected { throw ContractViolation("\(what): found \(found), expected \(expected)") }
    }

    static func requireError(
        _ expected: StoreError, _ what: String, _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as StoreError {
            return try requireEqual(error, expected, what)
        }
        throw ContractViolation("\(what): succeeded, expected \(expected)")
    }
}
