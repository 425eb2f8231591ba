import AuditFiles
import CBench
import Foundation
import HTTPServing
import KMSAPI
import KMSTesting
import KeyManagement
import Logging
import PKCS11
import ServiceLifecycle
import TokenPKCS11

/// The service without its HTTP edge, in this process: on SoftHSM, with real audit files. The store is in memory, and records
/// read from it are trusted for good, so that nothing depends on the clock.
struct CountedService {
    private let token: PKCS11Token
    private let audit: AuditTrail
    private let service: KeyService
    private let bearer: String
    private let caller: Caller
    private let ciphertext: Ciphertext
    private let key: KeyReference

    /// Makes the token, and keeps its probe result, so that the probe does not run while instructions are counted.
    static func prepare(_ site: Site) async throws {
        let machine = try Machine(site, "count", isReady: false)
        try machine.kms("root", "init")
        let token = try await open(machine, proof: nil)
        try Data(token.proof).write(to: URL(filePath: machine.path("proof")))
        await token.close()
    }

    /// Returns the prepared machine.
    static func machine(_ site: Site) -> Machine { Machine(prepared: site, "count") }

    private static let logger = Logger(label: "count") { _ in SwiftLogNoOpLogHandler() }

    private static func open(_ machine: Machine, proof: [UInt8]?) async throws -> PKCS11Token {
        setenv("SOFTHSM2_CONF", machine.path("softhsm2.conf"), 1)
        let uri = try PKCS11URI(machine.tokenURI(SoftHSMFolder.modulePath))
        return try await PKCS11Token.open(TokenConfiguration(uri: uri), proof: proof, logger: logger)
    }

    init(_ site: Site) async throws {
        let machine = Self.machine(site)
        let proof = try Data(contentsOf: URL(filePath: machine.path("proof")))
        token = try await Self.open(machine, proof: Array(proof))
        audit = try await AuditTrail.open(
            AuditConfiguration(directory: machine.path("audit-\(getpid())"), isDurable: false), signer: nil,
            logger: Self.logger)
        service = KeyService(
            token: token, store: MemoryKeyStore(), audit: audit, recordLease: .seconds(86_400), logger: Self.logger)
        let project = try ProjectID("default")
        let manager = FirstSubject(subject: try SubjectID("manager"), role: .manager)
        let directory = try await service.prepareDirectory([manager], of: project)
        try await service.initializeStore(with: directory)
        bearer = directory.tokens[0].withText { String(decoding: $0, as: UTF8.self) }
        let found = try await service.authenticate(AuthenticationRequest(bearer: bearer, requestID: "count"))
        caller = Caller(found.principal, in: project)
        let name = try KeyName("cipher")
        _ = try await service.createKey(CreateKeyRequest(name: name), by: caller)
        key = .name(name)
        ciphertext = try await service.issueDataKey(under: key, by: caller).ciphertext
    }

    func run(_ work: CountedWork, _ iterations: Int) async throws {
        for _ in 0..<iterations {
            let found = try await service.authenticate(AuthenticationRequest(bearer: bearer, requestID: "count"))
            let caller = Caller(found.principal, in: caller.project)
            if work == .decrypt {
                _ = try await service.decrypt(ciphertext, by: caller)
            } else {
                _ = try await service.issueDataKey(under: key, by: caller)
            }
        }
    }

    /// Puts an HTTP edge before the service, and sends it `iterations` requests on one connection.
    func serve(_ work: CountedWork, _ iterations: Int) async throws {
        let ready = AsyncStream.makeStream(of: Int.self)
        let api = makeServer(
            of: [NativeDoor(service: service)], service: service,
            configuration: APIConfiguration(host: "127.0.0.1", port: 0), logger: Self.logger
        ) { port in ready.continuation.yield(port) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await api.run() }
            var ports = ready.stream.makeAsyncIterator()
            guard let port = await ports.next() else { throw BenchFailure("the API does not listen") }
            try await ask(work, iterations, at: UInt16(port))
            group.cancelAll()
        }
    }

    private func ask(_ work: CountedWork, _ iterations: Int, at port: UInt16) async throws {
        let text = #"{"ciphertext":"\#(ciphertext.text)"}"#
        let request =
            switch work {
            case .httpDecrypt: post("decrypt", text, to: port)
            case .httpBatch:
                post(
                    "batch/decrypt", #"{"items":[\#(Array(repeating: text, count: 100).joined(separator: ","))]}"#,
                    to: port)
            default: Array("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
            }
        let outcome = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: Result {
                        let load = Load(connections: 1, seconds: 3600, limit: UInt64(iterations))
                        return try load.run(RequestList([request]), onPort: port, ofProcess: 0).allGood()
                    })
            }
        }
        guard try outcome.get().ok == iterations else { throw BenchFailure("not all requests were answered") }
    }

    private func post(_ path: String, _ body: String, to port: UInt16) -> [UInt8] {
        let head = """
            POST /api/v1/\(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            X-Auth-Token: \(bearer)\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r

            """
        return Array((head + body).utf8)
    }

    func close() async {
        await audit.close()
        await token.close()
    }
}
