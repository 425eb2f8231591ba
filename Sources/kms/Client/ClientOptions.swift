import ArgumentParser

// Each command declares only the option groups that it uses, so that an option that does not apply is an unknown option.

/// The options of commands that call a running service within a project.
struct ClientOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var project: ProjectOption

    func selection() throws(Failure) -> ClientSelection {
        try connection.selection(credential: credential, project: project)
    }

    /// Throws if any of the options is given although the command works locally, without the service.
    func requireUnused(with option: String) throws(Failure) {
        guard connection.isUnused, credential.tokenFile == nil, project.project == nil else {
            throw Failure(.input, "\(option) works without the service; leave out the options of the connection")
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

    func selection() throws(Failure) -> ClientSelection {
        try connection.selection(credential: credential, project: project)
    }
}

/// The options of commands that concern the platform and no project.
struct PlatformOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption

    func selection() throws(Failure) -> ClientSelection {
        try connection.selection(credential: credential, project: nil)
    }
}

/// The options of ``PlatformOptions`` for commands that may need the approval of others.
struct ApprovedPlatformOptions: ServiceOptions {
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var credential: TokenFileOption
    @OptionGroup var approval: ApprovalOption

    var approvalID: String? { approval.approval }

    func selection() throws(Failure) -> ClientSelection {
        try connection.selection(credential: credential, project: nil)
    }
}

struct ProjectOption: ParsableArguments {
    @Option(
        help: "The project, unless the token is bound to one [KMS_PROJECT, or the context].", completion: .projects)
    var project: String?

    /// The project of the option or the variable; nil if neither is given.
    func name() throws(Failure) -> String? {
        if let project { project } else { try ClientVariable.project.value() }
    }
}

struct ApprovalOption: ParsableArguments {
    @Option(help: "The id of the approval for this operation, if it needs one (kms approval).")
    var approval: String?
}
