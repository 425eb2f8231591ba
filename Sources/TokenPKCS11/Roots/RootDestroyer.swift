internal import KeyManagement
internal import PKCS11

/// Destroys the root keys of an epoch in the token. Only an explicit command of an operator does this, never the service by
/// itself.
enum RootDestroyer {
    /// - Parameters:
    ///   - epoch: the epoch whose roots are destroyed.
    ///   - session: read-write, logged in.
    ///   - token: the token's label, for errors.
    static func destroy(
        _ epoch: RootEpoch, in session: borrowing Session, of token: String
    ) throws(TokenOpenError) {
        try TokenOpenError.explaining("the root keys of epoch \(epoch) of \(token) cannot be destroyed") {
            () throws(PKCS11Error) in
            // The wrapping key is destroyed first, because the keys it wraps matter most. One key without the other is no longer
            // an epoch.
            for root in try find(epoch, in: session).reversed() { try session.destroyObject(root.handle) }
        }
        let left = try TokenOpenError.explaining("the keys of \(token) cannot be listed") {
            () throws(PKCS11Error) in
            try find(epoch, in: session)
        }
        guard left.isEmpty else {
            throw .failed("\(token) says that it has destroyed the root keys of epoch \(epoch), and still has them")
        }
    }

    private static func find(
        _ epoch: RootEpoch, in session: borrowing Session
    ) throws(PKCS11Error) -> [RootFinder.Found] {
        try RootFinder.find(in: session).filter { $0.epoch == epoch }
    }
}
