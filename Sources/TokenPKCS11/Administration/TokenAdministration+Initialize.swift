package import PKCS11
internal import ThreadExecutor

extension TokenAdministration {
    /// Initialises the token in a free slot, and sets its PINs.
    ///
    /// - Parameters:
    ///   - uri: names the module; its token attribute is the new label if `label` is nil.
    ///   - label: at most 32 bytes of UTF-8.
    ///   - slotID: the slot to use; nil selects the first free one.
    ///   - securityOfficerPIN: the source of the security officer's PIN.
    ///   - userPIN: the source of the user's PIN.
    /// - Throws: ``TokenOpenError/wouldOverwrite(_:)`` if the slot has an initialised token, or if another token has the same
    ///   label.
    package static func initializeToken(
        _ uri: PKCS11URI, label: String, slotID: UInt? = nil, securityOfficerPIN: PINSource, userPIN: PINSource
    ) async throws(TokenOpenError) -> TokenSummary {
        guard !label.isEmpty, label.utf8.count <= 32 else {
            throw .unusableURI("a token's label has 1 to 32 bytes, '\(label)' has \(label.utf8.count)")
        }
        return try await onOwnThread("token-init") { () throws(TokenOpenError) in
            let officer = try securityOfficerPIN.read()
            let user = try userPIN.read()
            let modules = try TokenLocator.modules(for: uri)
            defer { for module in modules { module.finalize() } }
            guard let module = modules.first, modules.count == 1 else {
                throw .unusableURI("name the one module with module-path= or module-name=")
            }
            let slot = try freeSlot(of: module, wanted: slotID, label: label)
            do throws(PKCS11Error) {
                try slot.initializeToken(label: label, securityOfficerPIN: officer)
                return try setUserPIN(user, officer: officer, label: label, slot: slot, module: module)
            } catch {
                throw .failed("token '\(label)' cannot be initialised: \(error)")
            }
        }
    }

    /// Returns a slot whose token is not initialised.
    private static func freeSlot(
        of module: Module, wanted: UInt?, label: String
    ) throws(TokenOpenError) -> Slot {
        let tokens = try TokenLocator.tokens(of: module)
        if let same = tokens.first(where: { $0.1.flags.contains(.isInitialized) && $0.1.label == label }) {
            throw .wouldOverwrite("\(LocatedToken.name(of: same.1)) exists in slot \(same.0.id)")
        }
        if let wanted {
            guard let (slot, info) = tokens.first(where: { $0.0.id == wanted }) else {
                throw .failed("there is no slot \(wanted) with a token in \(module.location)")
            }
            guard !info.flags.contains(.isInitialized) else {
                throw .wouldOverwrite("slot \(wanted) has \(LocatedToken.name(of: info))")
            }
            return slot
        }
        guard let (slot, _) = tokens.first(where: { !$0.1.flags.contains(.isInitialized) }) else {
            throw .failed("\(module.location) has no slot with a token that is not initialised")
        }
        return slot
    }

    /// Sets the user PIN. The token is looked up by its label first, because some modules move it to another slot when it is
    /// initialised.
    private static func setUserPIN(
        _ pin: PIN, officer: PIN, label: String, slot: Slot, module: Module
    ) throws(PKCS11Error) -> TokenSummary {
        var place = slot
        for candidate in try module.slots(withToken: true) where try candidate.tokenInfo().label == label {
            place = candidate
        }
        let session = try place.openSession(.readWrite)
        try session.login(.securityOfficer, pin: officer)
        try session.initializeUserPIN(pin)
        try session.logout()
        try session.close()
        return TokenSummary(slot: place, info: try place.tokenInfo())
    }
}
