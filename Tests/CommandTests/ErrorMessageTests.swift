import Foundation
import Glibc
import KMSTesting
import ServiceTesting
import Testing
import ThreadExecutor

/// What the command line says when something is wrong: what failed, the value, and what to do next.
@Suite(.timeLimit(.minutes(3))) struct ErrorMessageTests {
    /// Texts of the inside: headers, system calls, libraries, and paths of the build.
    static let internals = [
        "X-", "errno", "NIO", "BoringSSL", "HTTPClient", "Error(", "error:", "Optional(", "/Sources/", ".build",
        ".swift", "No such file", "Permission denied", "Is a directory", "Connection refused", "KMSError",
    ]

    /// Checks an exit code and the parts of a message.
    private func expect(
        _ outcome: Outcome, _ status: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.errors.hasPrefix("kms: "), "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
        for part in parts {
            #expect(outcome.errors.contains(part), "\(part): \(outcome.errors)", sourceLocation: sourceLocation)
        }
        for text in Self.internals {
            #expect(!outcome.errors.contains(text), "\(text): \(outcome.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test func `without a credential the caller is told how to log in`() async throws {
        try await withService { service in
            let none = try await Command.run(
                Command.product, ["key", "list"], input: Data(), environment: ["KMS_URL": service.url])
            expect(none, 6, "not logged in", "KMS_TOKEN_FILE", "kms login")
            let length = try String(contentsOfFile: service.machine.path("credentials/user.token"), encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines).count
            try service.machine.write(
                "kms_" + String(repeating: "A", count: length - 4), to: "credentials/stale.token")
            expect(
                try await service.kms("key", "list", as: "stale"), 6, "does not accept this credential",
                "expired or revoked", "kms login", "KMS_TOKEN_FILE")
        }
    }

    @Test func `without a project the caller is told the option and the variable`() async throws {
        try await withService { service in
            expect(
                try await service.kms("key", "list", as: "admin"), 9, "no project is selected", "--project",
                "KMS_PROJECT")
        }
    }

    @Test func `without an approval the caller is told its id and the option`() async throws {
        try await withService { service in
            for name in ["ann", "bob"] {
                #expect(try await service.kms("subject", "create", name, "--administrator", as: "admin").status == 0)
            }
            #expect(
                try await service.kms(
                    "approval", "policy", "set", "root-rotate", "--required", "2", "--approver", "ann",
                    "--approver", "bob", as: "admin"
                ).status == 0)
            let refused = try await service.kms("root", "rotate", as: "admin")
            expect(refused, 6, "needs the approval of 2 of ann, bob", "requested as", "--approval")
            let list = try await service.kms("approval", "list", "--json", as: "admin")
            let id = try #require(refused.errors.firstMatch(of: /requested as ([0-9a-z-]+)/)).1
            #expect(list.text.contains(id), "\(id) \(list.text)")
        }
    }

    @Test func `an address at which nothing listens is named`() async throws {
        let machine = try await Machine(isReady: false)
        let refused = try await machine.kms("health", "--url", "http://127.0.0.1:1")
        expect(refused, 5, "http://127.0.0.1:1 cannot be reached", "nothing listens there", "--url, KMS_URL")
        let unknown = try await machine.kms("health", "--url", "https://no-such-host.invalid")
        expect(unknown, 5, "no-such-host.invalid", "host name is unknown", "correct the address")
    }

    @Test func `a service that does not answer is told apart, with the option that waits longer`() async throws {
        let machine = try await Machine(isReady: false)
        let silent = try SilentListener()
        let outcome = try await machine.kms("health", "--url", "http://127.0.0.1:\(silent.port)", "--timeout", "1")
        expect(outcome, 5, "did not answer in time", "--timeout")
    }

    @Test func `https to http, http to https, an unknown authority and a wrong host are told apart`() async throws {
        let machine = try await Machine()
        let folder = try await onOwnThread("certificates") {
            let folder = try CertificateFolder()
            try folder.makeAuthority("ca")
            try folder.makeAuthority("other")
            try folder.makeCertificate("server", subject: "/CN=server", names: "IP:127.0.0.1")
            try folder.makeCertificate("elsewhere", subject: "/CN=elsewhere", names: "DNS:elsewhere.example")
            return folder
        }
        func tls(_ name: String) -> [String: String] {
            [
                "KMS_SERVER_TLS_CERTIFICATE": folder.file("\(name).pem"),
                "KMS_SERVER_TLS_KEY": folder.file("\(name).key"),
            ]
        }
        let plain = try await Service.start(on: machine)
        let https = plain.url.replacing("http://", with: "https://")
        expect(try await machine.kms("health", "--url", https), 5, https, "does not speak TLS", "http://")
        await plain.stop()

        let service = try await Service.start(on: machine, with: tls("server"))
        expect(try await machine.kms("health", "--url", service.url), 5, service.url, "if it uses TLS", "https://")
        let address = service.url.replacing("http://", with: "https://")
        expect(
            try await machine.kms("health", "--url", address, "--ca", folder.file("other.pem")), 5, address,
            "no trusted authority signed its certificate", "--ca", "KMS_CA")
        await service.stop()

        let elsewhere = try await Service.start(on: machine, with: tls("elsewhere"))
        let wrong = elsewhere.url.replacing("http://", with: "https://")
        expect(
            try await machine.kms("health", "--url", wrong, "--ca", folder.file("ca.pem")), 5, wrong,
            "certificate is for another host name")
        await elsewhere.stop()
    }

    @Test(arguments: [
        "KMS_URL", "KMS_TOKEN_FILE", "KMS_PROJECT", "KMS_CONTEXT", "KMS_CA", "KMS_CLIENT_CERTIFICATE", "KMS_CLIENT_KEY",
    ]) func `an empty variable is named`(_ name: String) async throws {
        let machine = try await Machine(isReady: false)
        try machine.write("kms_x", to: "token")
        let url = name.hasPrefix("KMS_C") ? ["KMS_URL": "https://127.0.0.1:1"] : [:]
        let outcome = try await machine.kms(
            "key", "list",
            with: ["KMS_TOKEN_FILE": machine.path("token")].merging(url) { $1 }.merging([name: ""]) { $1 })
        expect(outcome, 2, "the variable \(name) is empty", "unset it")
    }

    @Test func `a missing input file, a folder and a forbidden file are errors of the input`() async throws {
        let machine = try await Machine(isReady: false)
        let none = machine.path("none")
        for arguments in [
            ["encrypt", "a", "--in", none], ["sign", "a", "--in", none], ["decrypt", "--in", none],
            ["file", "encrypt", "a", "--in", none, "--out", machine.path("out")],
            ["file", "decrypt", "--in", none, "--out", machine.path("out")], ["file", "info", none],
            ["encrypt", "--public-key", none],
        ] {
            let outcome = try await run(machine, arguments)
            expect(outcome, 9, none, "it does not exist", "check the path")
        }
        expect(try await run(machine, ["encrypt", "a", "--in", machine.folder]), 9, machine.folder, "it is a folder")
        // Root may read every file, so the path goes through a file.
        try machine.write("text", to: "text")
        expect(try await run(machine, ["encrypt", "a", "--in", machine.path("text/x")]), 9, "not a folder")
    }

    @Test func `a typing error in a command or an option is answered with the right one`() async throws {
        let machine = try await Machine(isReady: false)
        expect(try await machine.kms("ecnrypt", "a"), 64, "unknown command 'kms ecnrypt'", "did you mean 'kms encrypt'")
        expect(try await machine.kms("key", "crate", "a"), 64, "'kms key crate'", "did you mean 'kms key create'")
        expect(try await machine.kms("key", "zzzzzz"), 64, "unknown command 'kms key zzzzzz'", "kms key --help")
        expect(try await machine.kms("help", "keey"), 64, "unknown command 'kms keey'", "did you mean 'kms key'")
        // The argument of a default command is no command.
        expect(try await machine.kms("data-key", "payroll", "--typo"), 64, "'--typo'")
        #expect(try await !machine.kms("key", "zzzzzz").errors.contains("did you mean"))
        expect(try await machine.kms("key", "list", "--jsom"), 64, "Unknown option '--jsom'", "Did you mean '--json'")
        // A command for programs is not suggested to people.
        #expect(try await !machine.kms("token-proces").errors.contains("did you mean"))
    }

    @Test func `a file of the wrong type is named with the type that it should have`() async throws {
        let machine = try await Machine()
        try machine.write("just text, no secret\n", to: "notes.txt")
        let notes = machine.path("notes.txt")
        expect(
            try await machine.kms("file", "info", notes), 9, notes, "not an encrypted file", "kms file encrypt")
        expect(
            try await machine.kms("file", "decrypt", "--in", notes, "--out", machine.path("out")), 9, notes,
            "not an encrypted file", "kms decrypt")
        try machine.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "token.pem")
        expect(
            try await machine.kms("key", "list", "--token-file", machine.path("token.pem")), 2, "token.pem",
            "contains PEM", "not a bearer token")
        expect(
            try await machine.kms("key", "list", "--token-file", notes), 2, notes, "does not contain a bearer token")
        try machine.write("", to: "empty")
        expect(try await machine.kms("key", "list", "--token-file", machine.path("empty")), 2, "is empty")
        for option in ["--ca", "--client-certificate", "--client-key"] {
            let pair = option == "--ca" ? [] : ["--client-certificate", notes, "--client-key", notes]
            let outcome = try await run(
                machine, ["health", "--url", "https://127.0.0.1:1"] + (pair.isEmpty ? [option, notes] : pair))
            expect(outcome, 2, notes, "does not contain a certificate in PEM")
        }
        expect(
            try await machine.kms("health", "--url", "https://127.0.0.1:1", "--ca", machine.path("none.pem")), 2,
            "--ca", "none.pem", "it does not exist")
    }

    @Test func `a full disk is named, and is no success`() async throws {
        let machine = try await Machine(isReady: false)
        let outcome = try await Command.run(
            "/bin/sh", ["-c", "\"$0\" completion bash > /dev/full", Command.product], input: Data(),
            environment: machine.environment)
        expect(outcome, 1, "standard output", "the disk is full")
        let closed = try await Command.run(
            "/bin/sh", ["-c", "\"$0\" completion bash >&-", Command.product], input: Data(),
            environment: machine.environment)
        expect(closed, 1, "standard output", "it is closed")
    }

    @Test func `an output that exists or has no folder is named before anything is done`() async throws {
        let machine = try await Machine(isReady: false)
        try machine.write("old", to: "out")
        let file = machine.path("out")
        expect(
            try await machine.kms("file", "encrypt", "a", "--in", file, "--out", machine.path("no/out")), 2, "no/out",
            "its folder does not exist")
        expect(try await machine.kms("file", "encrypt", "a", "--in", file, "--out", file), 2, file, "--force")
    }

    private func run(_ machine: Machine, _ arguments: [String]) async throws -> Outcome {
        // Nothing of the caller's environment is needed before the input is read.
        try await Command.run(Command.product, arguments, input: Data(), environment: [:])
    }
}

/// A port that takes connections and never answers.
private struct SilentListener: ~Copyable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(descriptor, name, length) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, name, &length) == 0
            }
        }
        guard isListening else { throw CommandFailure("no port is free") }
        port = UInt16(bigEndian: name.sin_port)
    }

    deinit { close(descriptor) }
}
