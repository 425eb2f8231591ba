import KeyManagement
import Testing

// Changes whose only outcome is a changed key.
extension KeyService {
    func make(_ request: CreateKeyRequest, by caller: Caller) async throws -> KeyRecord {
        try await createKey(request, by: caller).changed.key
    }

    func rotate(_ reference: KeyReference, by caller: Caller) async throws -> KeyRecord {
        try await rotateKey(reference, by: caller).changed.key
    }

    func update(
        _ reference: KeyReference, name: KeyName? = nil, description: KeyDescription? = nil, by caller: Caller
    ) async throws -> KeyRecord {
        try await updateKey(reference, KeyUpdate(name: name, description: description), by: caller).changed.key
    }
}

extension ChangeOutcome {
    /// The changed key; a test failure if nothing was changed.
    var changed: ChangedKey {
        get throws {
            guard case .changed(let changed) = self else { throw NotChanged(outcome: "\(self)") }
            return changed
        }
    }
}

struct NotChanged: Error {
    let outcome: String
}
