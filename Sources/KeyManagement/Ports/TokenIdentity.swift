/// The identity of a token and of the roots in it.
public struct TokenIdentity: Hashable, Sendable {
    public let label: String
    public let serialNumber: String
    /// The check value of each root epoch that the token has: 32 bytes that only its integrity key can make. HMAC-SHA256 of a
    /// fixed text. Never empty.
    public let checkValues: [RootEpoch: [UInt8]]
    /// The epoch under which new keys are wrapped: the latest.
    public let epoch: RootEpoch

    /// Creates an identity; `nil` if `checkValues` is empty.
    public init?(label: String, serialNumber: String, checkValues: [RootEpoch: [UInt8]]) {
        guard let epoch = checkValues.keys.max() else { return nil }
        self.label = label
        self.serialNumber = serialNumber
        self.checkValues = checkValues
        self.epoch = epoch
    }

    /// Creates the identity of a token that has roots of one epoch.
    public init(label: String, serialNumber: String, epoch: RootEpoch, checkValue: [UInt8]) {
        self.label = label
        self.serialNumber = serialNumber
        self.epoch = epoch
        checkValues = [epoch: checkValue]
    }

    /// The check value of the latest epoch.
    public var checkValue: [UInt8] { checkValues[epoch] ?? [] }

    /// Returns true if this can be the token of `earlier` after roots were made or destroyed in it. They must share an epoch,
    /// and the check values of all shared epochs must be equal.
    public func continues(_ earlier: TokenIdentity) -> Bool {
        guard label == earlier.label, serialNumber == earlier.serialNumber else { return false }
        return hasSameRoots(as: earlier)
    }

    /// Returns true if the roots match in the same sense, whatever the labels and serial numbers of the tokens.
    public func hasSameRoots(as other: TokenIdentity) -> Bool {
        let common = checkValues.filter { other.checkValues[$0.key] != nil }
        return !common.isEmpty && common.allSatisfy { other.checkValues[$0.key] == $0.value }
    }
}
