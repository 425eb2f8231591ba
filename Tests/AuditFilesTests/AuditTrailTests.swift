import AuditFiles
import Testing
