import ArgumentParser
import KMSClient

struct RootList: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the root epochs and what each protects.",
        discussion: "Example: kms root list")

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<RootsAnswer> { .roots }
}

extension KMSRequest where Answer == RootsAnswer {
    fileprivate static var roots: Self { Self(.get, "/api/v1/roots") }
}

extension RootsAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = Table("EPOCH", "LATEST", "IN TOKEN", "KEYS", "RECORDS", "CREATED", "DESTROYED")
        for root in roots {
            table.add(
                "\(root.epoch)", root.latest ? "yes" : "no", root.inToken ? "yes" : "no", "\(root.wrappedKeys)",
                "\(root.sealedRecords)", .time(root.madeAt, else: "-"), .time(root.destroyedAt, else: "-"))
        }
        return table.text(in: style)
    }
}

struct RootRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Create new root keys and rewrap all versions.",
        discussion: """
            The running service creates the root keys of the next epoch in its token and rewraps the versions in batches while it serves. \
            Earlier epochs work until the end. After a crash the service continues. This command shows the progress and can be interrupted \
            and repeated: while anything is left under an earlier epoch, it shows the rest and creates no further epoch.

            Example: kms root rotate
            """)

    @Flag(help: "Return when the root keys are created, before everything is rewrapped.")
    var noWait = false

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ApprovedPlatformOptions

    func run() async throws {
        try await reporting {
            let answer = try await options.withClient { client in
                let answer = try await rotate(client)
                return noWait ? answer : try await wait(client, answer)
            }
            try view.show(answer)
        }
    }

    private func rotate(_ client: KMSClient) async throws -> RootsAnswer {
        let before = try await client.send(.roots)
        guard before.left == 0 else {
            StandardError.write(
                "kms: epoch \(before.latest) exists already; \(before.left) records are still under earlier epochs\n")
            return before
        }
        let answer = try await client.send(KMSRequest<RootsAnswer>(.post, "/api/v1/roots/rotate"))
        StandardError.write("kms: created the root keys of epoch \(answer.latest)\n")
        return answer
    }

    private func wait(_ client: KMSClient, _ first: RootsAnswer) async throws -> RootsAnswer {
        var answer = first
        var bar = ProgressBar("rewrapping")
        while answer.left > 0 {
            bar.show(answer.total - answer.left, of: answer.total)
            try await Task.sleep(for: .milliseconds(250))
            answer = try await client.send(.roots)
        }
        bar.show(1, of: 1)
        return answer
    }
}

struct RootRetire: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Destroy the root keys of an earlier epoch.",
        discussion: """
            Fails while anything in the store is under them. Backups from before become unreadable, for good. Writes a certificate with \
            the digests of everything that was wrapped under them, signed in the token by the audit key; verify it with 'kms custody \
            verify' or openssl. For an epoch that is destroyed already, it writes the certificate again.

            Example: kms root retire 1 --out epoch-1.json --yes
            """)

    @Argument(help: "The number of the epoch.")
    var epoch: UInt32

    @Option(help: "Write the certificate to this new file; beside it FILE.sig, FILE.html and FILE.txt.")
    var out: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ApprovedPlatformOptions

    func check() throws {
        try SignedFiles(path: out).requireFree()
        try requireConfirmable()
    }

    func loss(by client: KMSClient) async throws -> Loss {
        let roots = try await client.send(.roots)
        return apart {
            let root = roots.roots.first { $0.epoch == epoch }
            return Loss(
                description:
                    "The root keys of epoch \(epoch), created \(root?.madeAt ?? "at an unknown time"), are destroyed in the token "
                    + "for good. Backups from before can no longer be read.",
                name: "destroy \(epoch)")
        }
    }

    func request() -> KMSRequest<SignedDocumentAnswer> { KMSRequest(.post, "/api/v1/roots/\(epoch)/retire") }

    func summary(_ answer: SignedDocumentAnswer) -> String {
        "Destroyed the root keys of epoch \(epoch); certificate in \(out), signature in \(out).sig, page to print in \(out).html"
    }

    func show(_ answer: SignedDocumentAnswer) throws {
        try SignedFiles(path: out).write(answer)
        try output.show(answer, as: summary(answer) + "\n")
    }
}

struct RootCertificate: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Write the certificate of an epoch's destruction.",
        discussion: "Example: kms root certificate 1 --out epoch-1.json")

    @Argument(help: "The number of the epoch.")
    var epoch: UInt32

    @Option(help: "Write it to this new file; beside it FILE.sig, FILE.html and FILE.txt.")
    var out: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func check() throws { try SignedFiles(path: out).requireFree() }

    func request() -> KMSRequest<SignedDocumentAnswer> { KMSRequest(.get, "/api/v1/roots/\(epoch)/certificate") }

    func summary(_ answer: SignedDocumentAnswer) -> String {
        "Certificate in \(out), signature in \(out).sig, page to print in \(out).html"
    }

    func show(_ answer: SignedDocumentAnswer) throws {
        try SignedFiles(path: out).write(answer)
        try output.show(answer, as: summary(answer) + "\n")
    }
}
