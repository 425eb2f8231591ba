import KeyManagement

extension EndpointGroup {
    static let versions = EndpointGroup(
        "versions", "The versions of a key.",
        [
            .listVersions, .describeVersion, .versionUsage, .activateVersion, .deactivateVersion,
            .scheduleDestruction, .cancelDestruction, .destroyVersion,
        ])
}

extension PathParameter {
    static let version = PathParameter("version", "The number of a version.", .version)
}

extension EndpointRequest {
    /// Returns the version that the path names.
    func version() throws(KMSError) -> VersionNumber {
        guard let number = VersionNumber(try text(.version, "the version in the path")) else {
            throw .invalidRequest("the version in the path is not a number from 1 on")
        }
        return number
    }
}
