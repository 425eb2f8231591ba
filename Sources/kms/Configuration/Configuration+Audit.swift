import AuditFiles

extension Configuration {
    /// Returns the settings of the audit files.
    static func audit(_ settings: Settings) throws(Failure) -> AuditConfiguration {
        AuditConfiguration(
            directory: try auditPath(settings), isDurable: try settings.bool(.auditDurable),
            checkpointEntries: UInt64(try settings.number(.auditCheckpointEntries, in: 1...1_000_000_000)),
            checkpointInterval: try settings.duration(.auditCheckpointInterval, atMostHours: 24),
            fileBytes: UInt64(try settings.number(.auditFileBytes, in: 4096...17_179_869_184)),
            queueLimit: try settings.number(.auditQueueLimit, in: 1...100_000), version: KMS.version)
    }

    /// Returns the folder of the audit files: the setting, or the folder `audit` beside the store if it is empty.
    static func auditPath(_ settings: Settings) throws(Failure) -> String {
        let path = try settings.required(.auditPath).text
        guard path.isEmpty else { return path }
        guard case .file(let file) = try StoreLocation(settings) else {
            throw Failure(
                .configuration, "audit.path is not set; with store.url, the folder of the audit files has to be named")
        }
        let store = file.path
        guard let slash = store.lastIndex(of: "/") else { return "audit" }
        return store[...slash] + "audit"
    }
}
