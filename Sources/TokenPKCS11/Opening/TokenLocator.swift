internal import PKCS11

/// A token found by a URI, before login.
struct LocatedToken: Sendable {
    let module: Module
    let slot: Slot
    let info: TokenInfo

    /// The name of the token in messages.
    var name: String { Self.name(of: info) }

    static func name(of info: TokenInfo) -> String {
        "token '\(info.label)' (serial \(info.serialNumber))"
    }
}

/// Finds the module and the one token that match a URI.
enum TokenLocator {
    /// - Throws: ``TokenOpenError`` unless exactly one initialised token matches.
    static func locate(_ uri: PKCS11URI) throws(TokenOpenError) -> LocatedToken {
        var matching: [LocatedToken] = []
        var present: [String] = []
        for module in try modules(for: uri) {
            for (slot, info) in try tokens(of: module) where info.flags.contains(.isInitialized) {
                present.append(LocatedToken.name(of: info))
                guard uri.matches(info, slotID: slot.id) else { continue }
                matching.append(LocatedToken(module: module, slot: slot, info: info))
            }
        }
        guard let found = matching.first else { throw .tokenNotFound(wanted: wanted(uri), present: present) }
        guard matching.count == 1 else {
            throw .tokenAmbiguous(wanted: wanted(uri), matching: matching.map(\.name))
        }
        return found
    }

    /// Returns the modules to search: the one that the URI names, or all that p11-kit has registered.
    static func modules(for uri: PKCS11URI) throws(TokenOpenError) -> [Module] {
        guard uri.initReserved == nil || uri.modulePath != nil else {
            throw .unusableURI("x-init-reserved= goes with module-path=; a registered module has it in its own file")
        }
        do throws(PKCS11Error) {
            if let path = uri.modulePath { return [try Module.load(path: path, initReserved: uri.initReserved)] }
            if let name = uri.moduleName { return [try Module.registered(named: name)] }
            return try Module.registered()
        } catch {
            throw .moduleNotLoaded("\(error)")
        }
    }

    static func tokens(of module: Module) throws(TokenOpenError) -> [(Slot, TokenInfo)] {
        do throws(PKCS11Error) {
            var tokens: [(Slot, TokenInfo)] = []
            for slot in try module.slots(withToken: true) {
                do throws(PKCS11Error) {
                    tokens.append((slot, try slot.tokenInfo()))
                } catch  where error.meansTokenIsAbsent {
                    // Removed since the list was made.
                    continue
                }
            }
            return tokens
        } catch {
            throw .failed("the tokens of \(module.location) cannot be listed: \(error)")
        }
    }

    private static func wanted(_ uri: PKCS11URI) -> String {
        uri.token.map { "token '\($0)'" } ?? "a token for '\(uri)'"
    }
}
