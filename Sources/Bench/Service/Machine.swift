import Foundation
import KMSTesting

/// A folder with everything that a service needs: a SoftHSM token with root keys, a store, credentials.
struct Machine {
    let folder: String
    private let product: String

    /// - Parameter isReady: false for a token alone, without root keys and store.
    init(_ site: Site, _ name: String, isReady: Bool = true) throws {
        folder = "\(site.folder)/\(name)"
        product = site.product
        SoftHSMFolder.make(folder)
        for file in ["pin", "so-pin"] {
            let digits = (0..<12).map { _ in String(UInt8.random(in: 0...9)) }.joined()
            try Data(digits.utf8).write(to: URL(filePath: path(file)))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(file))
        }
        try kms("token", "init", Self.label, "--so-pin-source", "file:\(path("so-pin"))")
        guard isReady else { return }
        try kms("root", "init")
        try kms("init", "--credentials", path("credentials"), "--account", Self.account, "--region", Self.region)
    }

    /// Opens a folder that was made before.
    init(prepared site: Site, _ name: String) {
        folder = "\(site.folder)/\(name)"
        product = site.product
    }

    static let label = "bench"
    static let account = "123456789012"
    static let region = "us-east-1"

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "SOFTHSM2_CONF": path("softhsm2.conf"), "KMS_STORE_PATH": path("kms.sqlite"),
            "KMS_TOKEN_URI": tokenURI(SoftHSMFolder.modulePath), "KMS_TOKEN_FILE": path("credentials/admin.token"),
        ]
    }

    func tokenURI(_ module: String) -> String {
        "pkcs11:token=\(Self.label)?module-path=\(module)&pin-source=file:\(path("pin"))"
    }

    /// Runs `kms`, which must succeed, and returns its output.
    @discardableResult
    func kms(_ arguments: String..., with more: [String: String] = [:]) throws -> String {
        let output = try ChildProcess.run(product, arguments, environment: environment.merging(more) { $1 })
        let text = String(decoding: output.output, as: UTF8.self)
        guard output.status == 0 else {
            throw BenchFailure("kms \(arguments.joined(separator: " ")): \(output.status): \(text)")
        }
        return text
    }

    func bearer(_ role: String) throws -> String {
        try String(contentsOfFile: path("credentials/\(role).token"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts `kms serve` with these settings and returns when it listens.
    func serve(_ settings: [String: String] = [:]) throws -> RunningService {
        let log = path("serve-\(UUID().uuidString).log")
        let process = try ChildProcess(
            product, ["serve", "--port", "0"], environment: environment.merging(settings) { $1 }, errors: log)
        let started = ContinuousClock.now
        while ContinuousClock.now - started < .seconds(60), process.isRunning {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if let found = text.firstMatch(of: /"message":"listening".*"port":"(\d+)"/), let port = UInt16(found.1) {
                return RunningService(machine: self, port: port, process: process, log: log, started: started)
            }
            usleep(1000)
        }
        process.signal(SIGKILL)
        _ = process.wait()
        throw BenchFailure("the service does not listen: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
    }
}
