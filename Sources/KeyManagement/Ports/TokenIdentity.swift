/// The identity of a token and of the roots in it.
package struct TokenIdentity: Hashable, Sendable {
    package let label: String
    package let serialNumber: String
    /// The check value of each root epoch that the token has: 32 bytes that only its integrity key can make. HMAC-SHA256 of a
    /// fixed text. Never empty.
    package let checkValues: [RootEpoch: [UInt8]]
    /// The epoch under which new keys are wrapped: the latest.
    package let epoch: RootEpoch

    /// Creates an identity; `nil` if `checkValues` is empty.
    package init?(label: String, serialNumber: String, checkValues: [RootEpoch: [UInt8]]) {
        guard let epoch = checkValues.keys.max() else { return nil }
        self.label = label
        self.serialNumber = serialNumber
        self.checkValues = checkValues
        self.epoch = epoch
    }

    /// Creates the identity of a token that has roots of one epoch.
    package init(label: String, serialNumber: String, epoch: RootEpoch, checkValue: [UInt8]) {
        self.label = label
        self.serialNumber = serialNumber
        self.epoch = epoch
        checkValues = [epoch: checkValue]
    }

    /// The check value of the latest epoch.
    package var checkValue: [UInt8] { checkValues[epoch] ?? [] }

    /// Returns true if this can be the token of `earlier` after roots were made or destroyed in it. They must share an epoch,
    /// and the check values of all shared epochs must be equal.
    package func continues(_ earlier: TokenIdentity) -> Bool {
        guard label == earlier.label, serialNumber == earlier.serialNumber else { return false }
        return hasSameRoots(as: earlier)
    }

    /// Returns true if the roots match in the same sense, whatever the labels and serial numbers of the tokens.
    package func hasSameRoots(as other: TokenIdentity) -> Bool {
        let common = checkValues.filter { other.checkValues[$0.key] != nil }
        return !common.isEmpty && common.allSatisfy { other.checkValues[$0.key] == $0.value }
    }
}
