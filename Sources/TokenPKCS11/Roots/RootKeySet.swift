internal import KeyManagement
internal import PKCS11

/// The two root keys of an epoch.
struct RootKeys: Sendable {
    let epoch: RootEpoch
    let wrapping: ObjectHandle
    let integrity: ObjectHandle
}

/// All root keys that a token has, found once: private attributes, labels too, are decrypted on each search.
struct RootKeySet: Sendable {
    private let byEpoch: [RootEpoch: RootKeys]
    /// The latest epoch's: new keys are wrapped and sealed under them.
    let current: RootKeys

    init?(_ roots: [RootKeys]) {
        guard let current = roots.max(by: { $0.epoch < $1.epoch }) else { return nil }
        self.current = current
        byEpoch = Dictionary(roots.map { ($0.epoch, $0) }) { first, _ in first }
    }

    subscript(epoch: RootEpoch) -> RootKeys? { byEpoch[epoch] }

    /// In the order of the epochs.
    var all: [RootKeys] { byEpoch.values.sorted { $0.epoch < $1.epoch } }
}

/// What a root key is for.
public enum RootPurpose: String, Sendable, CaseIterable {
    case wrapping = "wrap"
    case integrity = "mac"

    /// The label in the token: `kms-root-wrap-1`, `kms-root-mac-1`.
    func label(epoch: RootEpoch) -> String { "\(prefix)\(epoch)" }

    var prefix: String { "kms-root-\(rawValue)-" }

    /// Reads a label; nil when it is not that of a root.
    static func parse(label: String) -> (purpose: RootPurpose, epoch: RootEpoch)? {
        for purpose in allCases where label.hasPrefix(purpose.prefix) {
            guard let number = UInt32(label.dropFirst(purpose.prefix.count)), let epoch = RootEpoch(number),
                label == purpose.label(epoch: epoch)
            else { return nil }
            return (purpose, epoch)
        }
        return nil
    }
}
