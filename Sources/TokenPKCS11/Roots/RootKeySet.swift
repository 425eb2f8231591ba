internal import KeyManagement
internal import PKCS11

/// The two root keys of an epoch.
struct RootKeys: Sendable {
    let epoch: RootEpoch
    let wrapping: ObjectHandle
    let integrity: ObjectHandle
}

/// All root keys of a token, found once, because each search decrypts private attributes, including labels.
struct RootKeySet: Sendable {
    private let byEpoch: [RootEpoch: RootKeys]
    /// The root keys of the latest epoch, under which new keys are wrapped and sealed.
    let current: RootKeys

    init?(_ roots: [RootKeys]) {
        guard let current = roots.max(by: { $0.epoch < $1.epoch }) else { return nil }
        self.current = current
        byEpoch = Dictionary(roots.map { ($0.epoch, $0) }) { first, _ in first }
    }

    subscript(epoch: RootEpoch) -> RootKeys? { byEpoch[epoch] }

    /// The root keys in the order of their epochs.
    var all: [RootKeys] { byEpoch.values.sorted { $0.epoch < $1.epoch } }
}

/// The purpose of a root key.
package enum RootPurpose: String, Sendable, CaseIterable {
    case wrapping = "wrap"
    case integrity = "mac"

    /// Returns the label in the token: `kms-root-wrap-1`, `kms-root-mac-1`.
    func label(epoch: RootEpoch) -> String { "\(prefix)\(epoch)" }

    var prefix: String { "kms-root-\(rawValue)-" }

    /// Parses a label; returns `nil` if it is not the label of a root.
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
