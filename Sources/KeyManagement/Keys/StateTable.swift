/// The table of version states: the permitted uses and the transitions of each. No other code defines them.
///
/// | state | produce | consume | leads to |
/// |---|---|---|---|
/// | active | yes | yes | deactivated; only imported material can be withdrawn: destroyed |
/// | deactivated | no | yes | active, pendingDestruction |
/// | pendingDestruction | no | no | deactivated (cancelled), destroyed (when due) |
/// | destroyed | no | no | nothing; only imported material can be imported again: deactivated |
package enum StateTable {
    /// A use of a version.
    package enum Use: Sendable, CaseIterable {
        /// Encryption, data keys, signing, computing a MAC.
        case produce
        /// Decryption, verification of a signature or a MAC.
        case consume
    }

    /// An event in the life of a version.
    package enum Event: String, Sendable, CaseIterable {
        case activate
        /// The version is deactivated by a caller, or because another version becomes active.
        case deactivate
        case scheduleDestruction
        case cancelDestruction
        /// The waiting period of a scheduled destruction is over.
        case destroy
        /// The owner imports the same material again. Generated material exists nowhere else, so this applies to imported
        /// material only.
        case reimport
        /// The owner of imported material withdraws it, or it has expired.
        case withdraw
    }

    package static func permits(_ use: Use, in state: VersionState) -> Bool {
        switch (state, use) {
        case (.active, .produce), (.active, .consume), (.deactivated, .consume): true
        case (.deactivated, .produce), (.pendingDestruction, _), (.destroyed, _): false
        }
    }

    /// Returns the state after `event`, or `nil` if the event is not allowed in this state.
    package static func state(after event: Event, in state: VersionState) -> VersionState? {
        switch (state, event) {
        case (.active, .deactivate): .deactivated
        case (.deactivated, .activate): .active
        case (.deactivated, .scheduleDestruction): .pendingDestruction
        case (.pendingDestruction, .cancelDestruction): .deactivated
        case (.pendingDestruction, .destroy): .destroyed
        case (.destroyed, .reimport): .deactivated
        case (.active, .withdraw), (.deactivated, .withdraw), (.pendingDestruction, .withdraw): .destroyed
        case (.active, .activate), (.active, .scheduleDestruction), (.active, .cancelDestruction), (.active, .destroy),
            (.active, .reimport),
            (.deactivated, .deactivate), (.deactivated, .cancelDestruction), (.deactivated, .destroy),
            (.deactivated, .reimport),
            (.pendingDestruction, .activate), (.pendingDestruction, .deactivate),
            (.pendingDestruction, .scheduleDestruction), (.pendingDestruction, .reimport),
            (.destroyed, .activate), (.destroyed, .deactivate), (.destroyed, .scheduleDestruction),
            (.destroyed, .cancelDestruction), (.destroyed, .destroy), (.destroyed, .withdraw):
            nil
        }
    }
}
