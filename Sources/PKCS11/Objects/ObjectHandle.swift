/// A session's number for an object of the token (`CK_OBJECT_HANDLE`, v2.40 §2.6 and §3.4).
///
/// Handles are valid for all sessions of the process with the token, as long as the object lives: session objects until
/// their session closes, private ones until the logout. After that the number may come to mean another object; whoever
/// keeps handles has to drop them then.
public struct ObjectHandle: Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt

    init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    public var description: String { "object \(rawValue)" }
}
