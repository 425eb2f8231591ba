/// Which token, and which roots in it.
public struct TokenIdentity: Hashable, Sendable {
    public let label: String
    public let serialNumber: String
    /// For each root epoch that the token has, 32 bytes that only its integrity key can make: HMAC-SHA256 of a fixed text. Never
    /// empty.
    public let checkValues: [RootEpoch: [UInt8]]
    /// The epoch under which new keys are wrapped: the latest.
    public let epoch: RootEpoch

    /// Nil when there is no epoch.
    public init?(label: String, serialNumber: String, checkValues: [RootEpoch: [UInt8]]) {
        guard let epoch = checkValues.keys.max() else { return nil }
        self.label = label
        self.serialNumber = serialNumber
        self.checkValues = checkValues
        self.epoch = epoch
    }

    /// A token that has roots of one epoch.
    public init(label: String, serialNumber: String, epoch: RootEpoch, checkValue: [UInt8]) {
        self.label = label
        self.serialNumber = serialNumber
        self.epoch = epoch
        checkValues = [epoch: checkValue]
    }

    /// That of the latest epoch.
    public var checkValue: [UInt8] { checkValues[epoch] ?? [] }

    /// Whether this can be the token of `earlier` after roots were made or destroyed in it: they have an epoch in common, and where
    /// they have, its check values are the same.
    public func continues(_ earlier: TokenIdentity) -> Bool {
        guard label == earlier.label, serialNumber == earlier.serialNumber else { return false }
        return hasSameRoots(as: earlier)
    }

    /// The same, whatever the tokens are called.
    public func hasSameRoots(as other: TokenIdentity) -> Bool {
        let common = checkValues.filter { other.checkValues[$0.key] != nil }
        return !common.isEmpty && common.allSatisfy { other.checkValues[$0.key] == $0.value }
    }
}
