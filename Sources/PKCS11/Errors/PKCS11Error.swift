/// Any error of this target: a refusal by a module, a module that did not load, or an output that cannot be right.
///
/// Match on function *and* code, because modules return the same code for very different failures:
///
/// ```swift
/// catch .returned(.generalError, from: .decrypt) { … }   // SoftHSM: a wrong tag
/// ```
public enum PKCS11Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call failed. Also thrown in the module's place for calls that it would refuse, and for every call after
    /// ``Module/finalize()``.
    case returned(ReturnValue, from: Function)

    /// The library file could not be loaded, or is not a PKCS #11 module. The reason is the loader's own.
    case moduleNotLoaded(path: String, reason: String)

    /// The module broke its contract: a length beyond the buffer, a Boolean that is neither true nor false. The session should be
    /// closed, because none of its state can be relied on.
    case malformedAnswer(from: Function, String)

    /// The code that the module returned, if a call failed.
    public var code: ReturnValue? {
        guard case .returned(let code, _) = self else { return nil }
        return code
    }

    /// The function that failed; `nil` if no module was loaded.
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
