import ArgumentParser
import FoundationEssentials

// Each command declares only the option groups that it uses, so that an option that does not apply is an unknown option.

/// The options of commands that call a running service within a project.
struct ClientOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var project: ProjectOption

    func client() throws(Failure) -> APIClient {
        try connection.client(token: try credential.token(), project: project.name)
    }

    /// Throws if any of the options is given although the command works locally, without the service.
    func requireUnused(with option: String) throws(Failure) {
        guard connection.isUnused, credential.tokenFile == nil, project.project == nil else {
            throw Failure(.input, "\(option) asks no service: leave out the options that are for one")
        }
    }
}

/// The options of ``ClientOptions`` for commands that may need the approval of others.
struct ApprovedClientOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var project: ProjectOption
    @OptionGroup var approval: ApprovalOption

    func client() throws(Failure) -> APIClient {
        try connection.client(
            token: try credential.token(), project: project.name, approval: approval.approval)
    }
}

/// The options of commands that concern the platform and no project.
struct PlatformOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption

    func client() throws(Failure) -> APIClient {
        try connection.client(token: try credential.token())
    }
}

/// The options of ``PlatformOptions`` for commands that may need the approval of others.
struct ApprovedPlatformOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var approval: ApprovalOption

    func client() throws(Failure) -> APIClient {
        try connection.client(token: try credential.token(), approval: approval.approval)
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
