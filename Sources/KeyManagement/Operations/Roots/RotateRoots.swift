internal import Logging

extension KeyService {
    /// Makes the roots of the next epoch in the token. New records are under them at once; ``Rewrapper`` rewraps earlier
    /// records while the service continues.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` while records are left under an earlier epoch.
    package func rotateRoots(by principal: Principal) async throws(KMSError) -> [RootStatus] {
        try await withAudit(.rotateRoots, by: principal) { (operation) throws(KMSError) in
            let identity = try await tokenInformation.readIdentity()
            try await adopt(identity, for: operation)
            if let left = try await usesBefore(identity.epoch).first {
                throw .stateForbids(
                    "\(left.use.sealed) records are still under root epoch \(left.epoch); they are being rewrapped")
            }
            guard let next = identity.epoch.next else { throw .stateForbids("no root epoch is left") }
            operation.recorder.note { $0.details["epoch"] = next.description }
            try await operation.requireApproval(of: .rotateRoots(to: next))
            let made = try await atToken { () throws(TokenError) in try await operation.token.makeRoots(next) }
            try await adopt(made, for: operation)
            logger.notice("roots made", metadata: ["epoch": "\(next)", "subject": "\(principal.subject)"])
            return try await rootStatuses()
        }
    }
}
