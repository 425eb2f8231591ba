import ArgumentParser
import FoundationEssentials

// Each command declares the group of options that it uses, and no other: what does not apply is an unknown option.

/// The flags of commands that ask a running service for something in a project.
struct ClientOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var project: ProjectOption

    func client() throws(Failure) -> APIClient {
        try connection.client(token: try credential.token(), project: project.name)
    }

    /// Refuses the options when a command does its work here, without the service.
    func requireUnused(with option: String) throws(Failure) {
        guard connection.isUnused, credential.tokenFile == nil, project.project == nil else {
            throw Failure(.input, "\(option) asks no service: leave out the options that are for one")
        }
    }
}

/// The same, of commands that may need the approval of others.
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

/// The flags of commands that are about the platform, and in no project.
struct PlatformOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption

    func client() throws(Failure) -> APIClient {
        try connection.client(token: try credential.token())
    }
}

/// The same, of commands that may need the approval of others.
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
