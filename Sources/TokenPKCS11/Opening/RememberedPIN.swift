internal import PKCS11
internal import Synchronization

/// The PIN of a URI. A file is read again for each login. A descriptor can be read only once, so its PIN is kept.
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
