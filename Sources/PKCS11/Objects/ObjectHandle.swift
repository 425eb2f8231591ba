/// A session's number for an object of the token (`CK_OBJECT_HANDLE`, v2.40 §2.6 and §3.4).
///
/// Handles are valid for all sessions of the process with the token, during the object's lifetime. Session objects live until
/// their session closes; handles of private objects are valid until the logout. Afterwards the number may mean another object, so
/// cached handles must then be dropped.
public struct ObjectHandle: Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt

    init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    public var description: String { "object \(rawValue)" }
}
