import ArgumentParser
import Dispatch
import Synchronization

struct CountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract:
            "Does something so often in this process, for a tool that counts instructions: see scripts/bench-counts.",
        discussion: """
            What the start costs is in it. Two runs with different numbers of iterations tell what one iteration costs: the \
            difference of the counts, divided by the difference of the numbers. First 'prepare' makes a token in the folder, and \
            lets it prove what it can do, which takes no two times the same number of instructions.
            """)

    @Argument(help: "prepare, token-decrypt, decrypt, data-key, health, http-decrypt or http-batch.")
    var work: CountedWork

    @Option(help: "How often.")
    var iterations = 0

    @Option(help: "A folder for token and audit log, empty before 'prepare'. It is left as it is.")
    var folder: String

    @Option(help: "The program that makes the token, for 'prepare'.")
    var kms = ""

    func run() throws {
        let site = Site(folder: folder, product: kms, faultyModule: "")
        switch work {
        case .prepare: try waiting { try await CountedService.prepare(site) }
        case .tokenDecrypt:
            try TokenRig.with(CountedService.machine(site)) { (rig, session) throws in
                try TokenMeter(rig, in: session).swift.run(.decrypt, iterations, in: session)
            }
        case .decrypt, .dataKey:
            try waiting {
                let service = try await CountedService(site)
                try await service.run(work, iterations)
                await service.close()
            }
        case .health, .httpDecrypt, .httpBatch:
            try waiting {
                let service = try await CountedService(site)
                try await service.serve(work, iterations)
                await service.close()
            }
        }
    }
}

/// Waits for asynchronous work on the calling thread, which is the program's first. An async main function would give that thread
/// up, and valgrind 3.19 does not survive that.
private func waiting(_ body: @escaping @Sendable () async throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let outcome = Mutex<Result<Void, any Error>>(.success(()))
    Task {
        do {
            try await body()
        } catch {
            outcome.withLock { $0 = .failure(error) }
        }
        done.signal()
    }
    done.wait()
    try outcome.withLock { $0 }.get()
}

/// The work whose instructions are counted.
enum CountedWork: String, ExpressibleByArgument, CaseIterable {
    case prepare
    /// Authenticating a bearer token and decrypting, with access control, audit and seals.
    case decrypt
    /// The same for issuing a data key.
    case dataKey = "data-key"
    /// The trivial route, over HTTP on one connection; the client's instructions are included.
    case health
    /// Decrypting, over HTTP.
    case httpDecrypt = "http-decrypt"
    /// Decrypting 100 ciphertexts in one request over HTTP.
    case httpBatch = "http-batch"
    /// Decrypting by the PKCS11 target alone.
    case tokenDecrypt = "token-decrypt"
}
