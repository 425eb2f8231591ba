/// What a key knows of its versions as a whole, sealed with the key.
///
/// It names the default version, so that nobody can bring back an older one by changing rows; and it counts every
/// change of state that there ever was. A version's own counter only grows, so a row that was replaced by an older copy
/// of itself makes the sum of the rows smaller than `transitions`, and is found.
public struct VersionTally: Hashable, Sendable {
    /// The default version, the only one that encrypts.
    public private(set) var active: VersionNumber?
    public private(set) var deactivated: UInt32
    public private(set) var pendingDestruction: UInt32
    public private(set) var destroyed: UInt32
    /// The sum of the state counters of all versions.
    public private(set) var transitions: UInt64

    /// A key without versions.
    public static let empty = VersionTally(
        active: nil, deactivated: 0, pendingDestruction: 0, destroyed: 0, transitions: 0)

    public init(
        active: VersionNumber?, deactivated: UInt32, pendingDestruction: UInt32, destroyed: UInt32, transitions: UInt64
    ) {
        self.active = active
        self.deactivated = deactivated
        self.pendingDestruction = pendingDestruction
        self.destroyed = destroyed
        self.transitions = transitions
    }

    /// How many versions there are or were. Numbers are given without gaps, so it is also the latest number.
    public var count: UInt32 { (active == nil ? 0 : 1) + deactivated + pendingDestruction + destroyed }

    /// The number that a new version gets, or nil when the numbers are used up.
    public var nextNumber: VersionNumber? {
        guard let latest = VersionNumber(count) else { return .first }
        return latest.next
    }

    /// The key's state, which follows from its versions.
    public var keyState: KeyState {
        if count == 0 { return .preActivation }
        if active != nil { return .active }
        return destroyed == count ? .destroyed : .deactivated
    }

    /// Counts a version that has just been made, and is active.
    mutating func addActive(_ number: VersionNumber) {
        precondition(active == nil && number == nextNumber, "one active version, numbers without gaps")
        active = number
        transitions += 1
    }

    /// Counts one change of state.
    mutating func move(_ number: VersionNumber, from old: VersionState, to new: VersionState) {
        switch old {
        case .active: active = nil
        case .deactivated: deactivated -= 1
        case .pendingDestruction: pendingDestruction -= 1
        case .destroyed: destroyed -= 1
        }
        switch new {
        case .active: active = number
        case .deactivated: deactivated += 1
        case .pendingDestruction: pendingDestruction += 1
        case .destroyed: destroyed += 1
        }
        transitions += 1
    }
}
