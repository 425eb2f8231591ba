public import KeyManagement

/// The audit log as files: JSON lines, each carrying the hash of the one before.
public final class AuditTrail: Sendable {
}
