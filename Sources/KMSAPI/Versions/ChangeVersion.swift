import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let activateVersion = change(
        "activate", "activateVersion", "Makes a deactivated version the default", guide: .activateVersion,
        verb: .changeState,
        message: "version activated", operation: KeyService.activateVersion)

    static let deactivateVersion = change(
        "deactivate", "deactivateVersion", "Deactivates a version: it no longer encrypts, signs or makes MACs",
        guide: .deactivateVersion,
        verb: .changeState,
        message: "version deactivated", operation: KeyService.deactivateVersion)

    static let scheduleDestruction = Endpoint(
        change: .post, "keys/{key}/versions/{version}/schedule-destruction", "scheduleDestruction",
        "Schedules the destruction of a version", guide: .scheduleDestruction, verb: .destroy,
        body: ScheduleDestructionBody.self,
        message: "destruction scheduled", failures: ofVersionChanges.union(FailureCode.ofGuarded)
    ) { request in
        let (key, number) = (try request.key(), try request.version())
        let (body, options) = try await request.change()
        return try await request.service.scheduleDestruction(
            of: number, of: key, in: body.days, options: options, by: request.caller)
    }

    static let cancelDestruction = change(
        "cancel-destruction", "cancelDestruction", "Cancels the scheduled destruction of a version",
        guide: .cancelDestruction, verb: .destroy,
        message: "destruction cancelled", operation: KeyService.cancelDestruction)

    static let destroyVersion = change(
        "destroy", "destroyVersion", "Destroys a version whose waiting period is over", guide: .destroyVersion,
        verb: .destroy,
        message: "version destroyed",
        operation: KeyService.destroyVersion)

    private static let ofVersionChanges = FailureCode.ofChanges.union([.versionNotFound])

    /// Returns the endpoint of a change of one version.
    private static func change(
        _ word: String, _ id: String, _ summary: String, guide: Guide, verb: Verb, message: StaticString,
        operation:
            @escaping @Sendable (KeyService) -> (VersionNumber, KeyReference, ChangeOptions, Caller)
            async
            throws(KMSError) -> ChangeOutcome
    ) -> Endpoint {
        Endpoint(
            change: .post, "keys/{key}/versions/{version}/\(word)", id, summary, guide: guide, verb: verb,
            body: ChangeBody.self,
            message: message, failures: ofVersionChanges
        ) { request in
            let (key, number) = (try request.key(), try request.version())
            let (_, options) = try await request.change()
            return try await operation(request.service)(number, key, options, request.caller)
        }
    }
}
