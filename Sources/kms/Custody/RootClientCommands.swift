import ArgumentParser
import KMSClient

struct RootList: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the root epochs and what is under each.")

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<RootsAnswer> { .roots }
}

extension KMSRequest where Answer == RootsAnswer {
    fileprivate static var roots: Self { Self(.get, "/api/v1/roots") }
}

extension RootsAnswer: PrintableAnswer {
    var text: String {
        var table = Table("EPOCH", "LATEST", "IN TOKEN", "KEYS", "RECORDS", "MADE", "DESTROYED")
        for root in roots {
            table.add(
                "\(root.epoch)", root.latest ? "yes" : "no", root.inToken ? "yes" : "no", "\(root.wrappedKeys)",
                "\(root.sealedRecords)", root.madeAt ?? "-", root.destroyedAt ?? "-")
        }
        return table.text
    }
}

struct RootRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Create new root keys and rewrap everything under them.",
        discussion: """
            The service creates the root keys of the next epoch in its token and rewraps all versions under them, in batches, while it \
            serves. Earlier epochs keep working until that is done. After a crash the service continues by itself. This command shows \
            the progress. It can be interrupted and run again: while records are left under an earlier epoch, it creates no new one.

            Example: kms root rotate
            """)

    @Flag(help: "Return when the root keys are created, before everything is rewrapped.")
    var noWait = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ApprovedPlatformOptions

    func run() async throws {
        try await reporting {
            let answer = try await options.withClient { client in
                let answer = try await rotate(client)
                return noWait ? answer : try await wait(client, answer)
            }
            try output.show(answer)
        }
    }

    private func rotate(_ client: KMSClient) async throws -> RootsAnswer {
        let before = try await client.send(.roots)
        guard before.left == 0 else {
            StandardError.write(
                "kms: epoch \(before.latest) was made before; \(before.left) records are still under earlier ones\n")
            return before
        }
        let answer = try await client.send(KMSRequest<RootsAnswer>(.post, "/api/v1/roots/rotate"))
        StandardError.write("kms: roots of epoch \(answer.latest) made\n")
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

struct RootRetire: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Destroy earlier root keys; write the certificate.",
        discussion: """
            Fails while anything in the store is under them. This cannot be undone: everything wrapped under them, in old backups too, \
            becomes unreadable. The certificate lists the digests of these keys and is signed in the token by the audit key; \
            'kms custody verify' and openssl verify it. For an epoch that is already destroyed, the command writes the certificate again.

            Example: kms root retire 1 --out epoch-1.json --yes
            """)

    @Argument(help: "The number of the epoch.")
    var epoch: UInt32

    @Option(help: "Write the certificate to this new file; beside it FILE.sig, FILE.html and FILE.txt.")
    var out: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: ApprovedPlatformOptions

    func check() throws {
        try SignedFiles(path: out).requireFree()
        guard !yes else { return }
        try Confirmation.ask(
            "Destroy the root keys of epoch \(epoch) in the token, for good? What is only in backups from before is lost.",
            expecting: "destroy \(epoch)")
    }

    func request() -> KMSRequest<SignedDocumentAnswer> { KMSRequest(.post, "/api/v1/roots/\(epoch)/retire") }

    func show(_ answer: SignedDocumentAnswer) throws {
        try SignedFiles(path: out).write(answer)
        try StandardOutput.write(
            "epoch \(epoch) destroyed; certificate in \(out), its signature in \(out).sig, a page to print in \(out).html\n"
        )
    }
}

struct RootCertificate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Write the certificate of a destroyed epoch again.")

    @Argument(help: "The number of the epoch.")
    var epoch: UInt32

    @Option(help: "Write it to this new file; beside it FILE.sig, FILE.html and FILE.txt.")
    var out: String

    @OptionGroup var options: PlatformOptions

    func check() throws { try SignedFiles(path: out).requireFree() }

    func request() -> KMSRequest<SignedDocumentAnswer> { KMSRequest(.get, "/api/v1/roots/\(epoch)/certificate") }

    func show(_ answer: SignedDocumentAnswer) throws {
        try SignedFiles(path: out).write(answer)
        try StandardOutput.write(
            "certificate in \(out), its signature in \(out).sig, a page to print in \(out).html\n")
    }
}
