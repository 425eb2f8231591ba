/// Everything that goes wrong here: what a module refused, a module that would not load, an answer that cannot be true.
///
/// Match on function *and* code, because modules give the same code for very different things:
///
/// ```swift
/// catch .returned(.generalError, from: .decrypt) { … }   // SoftHSM: a wrong tag
/// ```
public enum PKCS11Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call failed. Given also in the module's place for what it would refuse, and for every call
    /// after ``Module/finalize()``.
    case returned(ReturnValue, from: Function)

    /// The library file could not be loaded, or is no PKCS #11 module. The reason is the loader's own.
    case moduleNotLoaded(path: String, reason: String)

    /// The module broke its contract: a length beyond the buffer, a Boolean that is neither. Its session should be
    /// closed, for the answer says that no state of it can be relied on.
    case malformedAnswer(from: Function, String)

    /// What the module returned, if it was a module that refused.
    public var code: ReturnValue? {
        guard case .returned(let code, _) = self else { return nil }
        return code
    }

    /// The function that failed; nil when no module was loaded.
    public var function: Function? {
        switch self {
        case .returned(_, let function), .malformedAnswer(let function, _): function
        case .moduleNotLoaded: nil
        }
    }

    public var description: String {
        switch self {
        case .returned(let code, let function):
            "\(function) returned \(code)"
        case .moduleNotLoaded(let path, let reason):
            "cannot load the PKCS #11 module \(path): \(reason)"
        case .malformedAnswer(let function, let complaint):
            "\(function) gave a malformed answer: \(complaint)"
        }
    }
}
