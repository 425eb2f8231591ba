/// Whether a version may be used, and where its state may lead. All of it stands here and nowhere else.
///
/// | state | produce | consume | leads to |
/// |---|---|---|---|
/// | active | yes | yes | deactivated; imported material alone can be withdrawn: destroyed |
/// | deactivated | no | yes | active, pendingDestruction |
/// | pendingDestruction | no | no | deactivated (cancelled), destroyed (when due) |
/// | destroyed | no | no | nothing; imported material alone can be brought again: deactivated |
public enum StateTable {
    /// What a version is used for.
    public enum Use: Sendable, CaseIterable {
        /// Encrypt, issue a data key, sign, make a MAC.
        case produce
        /// Decrypt, verify, verify a MAC.
        case consume
    }

    /// What can happen to a version.
    public enum Event: String, Sendable, CaseIterable {
        case activate
        /// Also what happens to the active version when another becomes active.
        case deactivate
        case scheduleDestruction
        case cancelDestruction
        /// The waiting period of a scheduled destruction is over.
        case destroy
        /// The owner of imported material brings the same again. Generated material is nowhere else, so this happens to none.
        case reimport
        /// The owner of imported material takes it back, or its time is over.
        case withdraw
    }

    public static func permits(_ use: Use, in state: VersionState) -> Bool {
        switch (state, use) {
        case (.active, .produce), (.active, .consume), (.deactivated, .consume): true
        case (.deactivated, .produce), (.pendingDestruction, _), (.destroyed, _): false
        }
    }

    /// The state after `event`, or nil when it may not happen in this state.
    public static func state(after event: Event, in state: VersionState) -> VersionState? {
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
