/// The token that a store belongs to, and the latest of its root epochs that the store knows.
package struct TokenBinding: Hashable, Sendable {
    package let label: String
    package let serialNumber: String
    package let epoch: RootEpoch
    package let checkValue: [UInt8]
    package let createdAt: Timestamp

    package init(label: String, serialNumber: String, epoch: RootEpoch, checkValue: [UInt8], createdAt: Timestamp) {
        self.label = label
        self.serialNumber = serialNumber
        self.epoch = epoch
        self.checkValue = checkValue
        self.createdAt = createdAt
    }
}

extension TokenBinding {
    /// Returns the message for an operator if these are not the roots that the store belongs to; `nil` if they are. It names
    /// both tokens.
    package func mismatch(with identity: TokenIdentity) -> String? {
        guard identity.checkValues[epoch] != checkValue else { return nil }
        let epochs = identity.checkValues.keys.sorted().map(\.description).joined(separator: ", ")
        return
            "the store belongs to token '\(label)' (serial \(serialNumber), root epoch \(epoch)), but the roots are those of "
            + "token '\(identity.label)' (serial \(identity.serialNumber), root epoch \(epochs)); nothing was changed"
    }
}
