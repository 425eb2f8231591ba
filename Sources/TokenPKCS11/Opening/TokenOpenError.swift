internal import PKCS11

/// The reason why a token cannot be opened, initialised or used by the service. Each message names the failure, the object and
/// the remedy.
package enum TokenOpenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The URI is incomplete, or uses an unsupported feature.
    case unusableURI(String)
    case moduleNotLoaded(String)
    case tokenNotFound(wanted: String, present: [String])
    case tokenAmbiguous(wanted: String, matching: [String])
    case pinUnavailable(String)
    /// The token refused the PIN. It was tried once and is not retried.
    case pinIncorrect(token: String)
    case pinLocked(token: String)
    /// One more wrong attempt would lock the token.
    case pinFinalTry(token: String)
    case rootsMissing(token: String, what: String)
    /// Only one root key of a pair exists, as after an interrupted generation.
    case rootsHalf(token: String, missing: String)
    case rootsExist(token: String, epochs: String)
    case rootsUnfit(token: String, violations: [String])
    case auditKeyUnfit(token: String, violations: [String])
    case tokenIncapable(token: String, missing: [String])
    /// The operation would overwrite something.
    case wouldOverwrite(String)
    case failed(String)

    package var description: String {
        switch self {
        case .unusableURI(let what): "the token URI cannot be used: \(what)"
        case .moduleNotLoaded(let what): "the PKCS#11 module cannot be loaded: \(what)"
        case .tokenNotFound(let wanted, let present):
            "\(wanted) not found; tokens present: \(Self.list(present))"
        case .tokenAmbiguous(let wanted, let matching):
            "\(wanted) names more than one token: \(Self.list(matching)); add serial= to the URI"
        case .pinUnavailable(let what): "the PIN cannot be read: \(what)"
        case .pinIncorrect(let token):
            "\(token) refuses the PIN; it was tried once and is not tried again, because wrong attempts lock a token"
        case .pinLocked(let token): "the PIN of \(token) is locked; the security officer has to set a new one"
        case .pinFinalTry(let token):
            "\(token) would lock after one more wrong PIN; log in once by hand (pkcs11-tool --login) to reset its counter"
        case .rootsMissing(let token, let what): "\(token) has no \(what); run 'kms root init' to make root keys"
        case .rootsHalf(let token, let missing):
            "\(token) has half a pair of root keys: \(missing) is missing. If nothing was wrapped under the other yet, as after an "
                + "interrupted 'kms root init', destroy it with the token's own tools and run 'kms root init' again"
        case .rootsExist(let token, let epochs): "\(token) has root keys already (epoch \(epochs)); nothing was changed"
        case .rootsUnfit(let token, let violations):
            "the root keys of \(token) break the rule for root keys, so nothing is served with them: "
                + violations.joined(separator: "; ")
        case .auditKeyUnfit(let token, let violations):
            "the audit key of \(token) breaks the rule for audit keys, so nothing is served with it: "
                + violations.joined(separator: "; ")
        case .tokenIncapable(let token, let missing):
            "\(token) cannot do what the service needs: \(missing.joined(separator: "; "))"
        case .wouldOverwrite(let what): "\(what); nothing was changed"
        case .failed(let what): what
        }
    }

    /// True if a retry would do harm, because wrong PINs lock a token.
    package var endsAttempts: Bool {
        switch self {
        case .pinIncorrect, .pinLocked, .pinFinalTry: true
        default: false
        }
    }

    /// Runs calls that belong to opening a token, and describes the one that failed.
    static func explaining<Result>(
        _ what: @autoclosure () -> String, _ body: () throws(PKCS11Error) -> Result
    ) throws(TokenOpenError) -> Result {
        do throws(PKCS11Error) {
            return try body()
        } catch {
            throw .failed("\(what()): \(error)")
        }
    }

    private static func list(_ tokens: [String]) -> String {
        tokens.isEmpty ? "none" : tokens.joined(separator: ", ")
    }
}
