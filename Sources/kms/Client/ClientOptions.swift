import ArgumentParser
import FoundationEssentials
import KMSClient

// Each command declares only the option groups that it uses, so that an option that does not apply is an unknown option.

/// The options of commands that call a running service within a project.
struct ClientOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var project: ProjectOption

    func configuration() throws(Failure) -> KMSClient.Configuration {
        try connection.configuration(credential: try credential.credential(), project: project.name)
    }

    /// Throws if any of the options is given although the command works locally, without the service.
    func requireUnused(with option: String) throws(Failure) {
        guard connection.isUnused, credential.tokenFile == nil, project.project == nil else {
            throw Failure(.input, "\(option) asks no service: leave out the options that are for one")
        }
    }
}

/// The options of ``ClientOptions`` for commands that may need the approval of others.
struct ApprovedClientOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var project: ProjectOption
    @OptionGroup var approval: ApprovalOption

    var approvalID: String? { approval.approval }

    func configuration() throws(Failure) -> KMSClient.Configuration {
        try connection.configuration(credential: try credential.credential(), project: project.name)
    }
}

/// The options of commands that concern the platform and no project.
struct PlatformOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption

    func configuration() throws(Failure) -> KMSClient.Configuration {
        try connection.configuration(credential: try credential.credential())
    }
}

/// The options of ``PlatformOptions`` for commands that may need the approval of others.
struct ApprovedPlatformOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var approval: ApprovalOption

    var approvalID: String? { approval.approval }

    func configuration() throws(Failure) -> KMSClient.Configuration {
        try connection.configuration(credential: try credential.credential())
    }
}

struct ProjectOption: ParsableArguments {
    @Option(help: "The project, where the token leaves it open. Else KMS_PROJECT.")
    var project: String?

    var name: String? { project ?? ProcessInfo.processInfo.environment["KMS_PROJECT"] }
}

struct ApprovalOption: ParsableArguments {
    @Option(help: "The id of the approval by which it is done, where it needs one (kms approval).")
    var approval: String?
}
