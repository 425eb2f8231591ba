internal import PKCS11
internal import Synchronization

/// The PIN of a URI, read anew for each login from a file; from a descriptor, which can be read once only, it is kept.
final class RememberedPIN: Sendable {
    private let uri: PKCS11URI
    private let kept = Mutex<PIN?>(nil)

    init(_ uri: PKCS11URI) {
        self.uri = uri
    }

    func read() throws(TokenOpenError) -> PIN {
        if let pin = kept.withLock({ $0 }) { return pin }
        let pin = try uri.readPIN()
        if uri.pinSource?.hasPrefix("fd:") == true { kept.withLock { $0 = pin } }
        return pin
    }
}
