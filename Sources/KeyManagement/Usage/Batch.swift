/// The outcome of one item of a batch.
package typealias ItemResult<Value: Sendable> = Result<Value, KMSError>

/// Several requests of one kind in one: 1 to 1,000 of them, each with its own result.
enum Batch {
    static let maxCount = 1000

    /// Checks the number of items.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` for none or too many.
    static func check(_ count: Int) throws(KMSError) {
        guard (1...maxCount).contains(count) else {
            throw .invalidRequest("a batch has 1 to \(maxCount) items, not \(count)")
        }
    }

    /// Returns the number of items for one visit to the token, so that other requests are not kept waiting. With SoftHSM this
    /// is 1 to 2 ms of work; with RSA, tens of milliseconds.
    static func size(for algorithm: KeyAlgorithm) -> Int {
        switch algorithm.family {
        case .aes, .hmac: 64
        case .ec, .ed25519: 16
        case .rsa(let bits): bits > 2048 ? 2 : 4
        }
    }

    /// Sends items of the same version to the token in groups, and returns the results in the order of the items.
    ///
    /// - Parameters:
    ///   - items: for each item, the version and the work, or the reason why it cannot be done.
    ///   - named: the version that each item names, for the audit log; empty if none does.
    ///   - operation: the operation that the items belong to.
    ///   - body: one visit to the token. If it throws, the error is the result of each item of the visit.
    static func run<Item: Sendable, Output: Sendable>(
        _ items: [ItemResult<(key: UsableVersion, item: Item)>], naming named: [VersionID?] = [],
        for operation: OperationContext,
        _ body: ([Item], UsableVersion) async throws(KMSError) -> [ItemResult<Output>]
    ) async -> [ItemResult<Output>] {
        var results: [ItemResult<Output>?] = Array(repeating: nil, count: items.count)
        var groups: [(key: UsableVersion, places: [Int], items: [Item])] = []
        var numbers: [VersionID: Int] = [:]
        for (place, item) in items.enumerated() {
            switch item {
            case .failure(let error):
                results[place] = .failure(error)
                operation.recorder.count(named.isEmpty ? nil : named[place], failed: 1)
            case .success(let (key, item)):
                let number: Int
                if let known = numbers[key.id] {
                    number = known
                } else {
                    number = groups.count
                    numbers[key.id] = number
                    groups.append((key, [], []))
                }
                groups[number].places.append(place)
                groups[number].items.append(item)
            }
        }
        for group in groups {
            let size = size(for: group.key.algorithm)
            for start in stride(from: 0, to: group.items.count, by: size) {
                let end = min(start + size, group.items.count)
                let answers: [ItemResult<Output>]
                do throws(KMSError) {
                    answers = try await body(Array(group.items[start..<end]), group.key)
                } catch {
                    answers = Array(repeating: .failure(error), count: end - start)
                }
                for (place, answer) in zip(group.places[start..<end], answers) { results[place] = answer }
                let failed = answers.count { if case .failure = $0 { true } else { false } }
                operation.recorder.count(group.key.id, succeeded: answers.count - failed, failed: failed)
            }
        }
        return results.map { $0 ?? .failure(.internalFailure("an item of a batch has no result")) }
    }
}

extension Result where Failure == TokenError {
    /// The result with the service's error type.
    var atService: Result<Success, KMSError> { mapError { KMSError($0) } }
}

/// Returns the value or the error of a body as a result.
func result<Value>(_ body: () async throws(KMSError) -> Value) async -> Result<Value, KMSError> {
    do throws(KMSError) {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}
