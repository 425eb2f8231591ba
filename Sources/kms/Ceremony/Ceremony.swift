import FoundationEssentials
import KeyManagement
import Logging
import PKCS11
import SecretMemory
import TokenPKCS11

/// Performs a plan step by step. It overwrites nothing, and reads back what it made.
struct Ceremony {
    let plan: CeremonyPlan
    let isRehearsal: Bool
    /// Asks for confirmation before each step; throws if the step is not to be done.
    let confirm: (_ number: Int, _ what: String) throws -> Void

    private static var stepCount: Int { 7 }

    var descriptions: [String] {
        [
            "initialise token '\(plan.tokenLabel)' in a free slot of \(plan.module), with new random PINs",
            "split each PIN into \(plan.custodians.count) shares for \(plan.custodians.joined(separator: ", ")), any "
                + "\(plan.sharesRequired) of which recover it, and test them",
            "create the root keys of epoch 1 and the audit key in the token",
            "create the store \(plan.store), with the first credentials in \(plan.folder)/credentials",
            "write the public audit key to \(plan.folder)/audit.pem",
            "examine the keys in the token, and sign the first custody report",
            "create the first backup of the store in \(plan.folder)/backup",
        ]
    }

    private var uri: PKCS11URI {
        var uri = PKCS11URI()
        uri.token = plan.tokenLabel
        uri.modulePath = plan.module
        uri.pinSource = "file:\(plan.pinFile)"
        return uri
    }

    private var configuration: Configuration {
        get throws {
            try Configuration(
                try Settings(
                    file: nil, environment: [:],
                    flags: [
                        .tokenURI: "\(uri)", .storePath: plan.store, .storeURL: "", .auditPath: plan.folder + "/audit",
                    ]))
        }
    }

    /// Checks everything that can be known beforehand: no file is in the way, and a free slot exists.
    func validate() async throws {
        for path in [plan.folder, plan.pinFile, plan.store] where !(isRehearsal && path == plan.folder) {
            try PrivateFile.requireFree(path)
        }
        let tokens = try await TokenAdministration.tokens(for: uri)
        guard !tokens.contains(where: { $0.isInitialized && $0.label == plan.tokenLabel }) else {
            throw Failure(.token, "there is a token '\(plan.tokenLabel)' already; nothing was changed")
        }
        guard tokens.contains(where: { !$0.isInitialized }) else {
            throw Failure(.token, "\(plan.module) has no slot whose token is not initialised; nothing was changed")
        }
    }

    func run() async throws -> CeremonyTranscript {
        if !isRehearsal { try BackupFile.makeFolder(plan.folder) }
        var log = Log()
        let pins = CeremonyPINs()
        try await step(&log, 0) {
            let token = try await initializeToken(pins)
            return "token '\(token.label)', serial number \(token.serialNumber), slot \(token.slotID)"
        }
        try await step(&log, 1) { try share(pins) }
        try await step(&log, 2) {
            let report = try await TokenAdministration.makeRoots(uri)
            guard report.keepsTheRule, report.auditKey != nil else {
                throw Failure(.token, "a root key does not have the required attributes, or there is no audit key")
            }
            return report.keys.map(\.label).joined(separator: ", ") + ", kms-audit-1: all have the required attributes"
        }
        let opened = try await OpenService.open(
            try configuration, storeAccess: .create, chain: .service,
            logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
        do {
            let transcript = try await run(on: opened, &log)
            try await opened.close()
            return transcript
        } catch {
            try? await opened.close()
            throw error
        }
    }

    private func run(on opened: OpenService, _ log: inout Log) async throws -> CeremonyTranscript {
        guard let auditKey = opened.token.auditKey else { throw Failure(.token, "the token has no audit key") }
        var files: [CeremonyTranscript.File] = []
        try await step(&log, 3) {
            let credentials = try FirstCredentials(folder: plan.folder + "/credentials")
            try credentials.prepareFolder()
            try await credentials.initializeStore(opened.service)
            try await opened.service.checkBinding()
            try await opened.service.adoptRoots()
            return "bound to token '\(opened.token.identity.label)', root epoch \(opened.token.identity.epoch)"
        }
        try await step(&log, 4) {
            let pem = Array(try AuditKeyPEM.text(of: auditKey).utf8)
            try SignedFiles.write(pem, to: plan.folder + "/audit.pem")
            files.append(.init(name: "audit.pem", content: pem))
            return "SHA-256 \(auditKey.fingerprint)"
        }
        try await step(&log, 5) {
            let signed = try await opened.service.custodyReport(by: try KeyService.operatorPrincipal())
            let path = plan.folder + "/custody.json"
            try SignedFiles(path: path).write(signed)
            let report = try CustodyReport(json: signed.content)
            files.append(.init(name: "custody.json", content: signed.content))
            guard report.findings.isEmpty else { throw Failure(.token, report.findings.joined(separator: "; ")) }
            return "\(report.rootKeys.count) root keys examined, 0 findings"
        }
        try await step(&log, 6) {
            let manifest = try BackupWriter(
                storePath: plan.store, auditPath: plan.folder + "/audit", destination: plan.folder + "/backup",
                isQuiet: true
            ).run()
            files.append(.init(name: "backup/\(BackupManifest.name)", content: Array(try manifest.bytes)))
            return "\(manifest.files.count) files"
        }
        let transcript = CeremonyTranscript(
            ceremony: plan.title, isRehearsal: isRehearsal, plan: plan.source, custodians: plan.custodians,
            sharesRequired: plan.sharesRequired, token: try await opened.service.tokenFacts(), steps: log.steps,
            files: files, auditKey: auditKey)
        let signed = try await opened.service.signed(transcript, by: try KeyService.operatorPrincipal())
        try SignedFiles(path: plan.folder + "/transcript.json").write(signed)
        return transcript
    }

    // MARK: Steps

    private struct Log {
        var steps: [CeremonyTranscript.Step] = []
    }

    private func step(_ log: inout Log, _ index: Int, _ body: () async throws -> String) async throws {
        let what = descriptions[index]
        try confirm(index + 1, what)
        let clock = SystemWallClock()
        let start = clock.now
        let outcome = try await body()
        log.steps.append(
            CeremonyTranscript.Step(
                number: index + 1, what: what, startedAt: start, endedAt: clock.now, outcome: outcome))
        StandardError.write("   done: \(outcome)\n")
    }

    private func initializeToken(_ pins: CeremonyPINs) async throws -> TokenSummary {
        try pins.user.withUnsafeBytes { try PrivateFile.create(plan.pinFile, $0) }
        // The officer's PIN is passed through a pipe, so that it is stored on disk only as shares.
        let officer = try SecretPipe(pins.officer)
        return try await TokenAdministration.initializeToken(
            uri, label: plan.tokenLabel, securityOfficerPIN: .descriptor(officer.descriptor),
            userPIN: PINSource("file:\(plan.pinFile)"))
    }

    private func share(_ pins: CeremonyPINs) throws -> String {
        let folder = plan.folder + "/shares"
        try BackupFile.makeFolder(folder)
        for (name, pin) in [("user-pin", pins.user), ("so-pin", pins.officer)] {
            let secret = pin.withUnsafeBytes { Array($0) }
            let shares = try Shamir.split(secret, required: plan.sharesRequired, count: plan.custodians.count)
            for (custodian, share) in zip(plan.custodians, shares) {
                try SignedFiles.write(Array((share.text + "\n").utf8), to: "\(folder)/\(name)-\(custodian).share")
            }
            try tryShares(named: name, in: folder, secret)
        }
        return "\(2 * plan.custodians.count) shares written, read back, and each tried"
    }

    /// Reads the shares back, and recovers the PIN from each run of as many consecutive custodians as are required.
    private func tryShares(named name: String, in folder: String, _ secret: [UInt8]) throws {
        let shares = try plan.custodians.map { custodian in
            let file = "\(folder)/\(name)-\(custodian).share"
            return try Share(text: InputText.read(try SignedFiles.bytes(file), of: file))
        }
        for start in shares.indices {
            let some = (0..<plan.sharesRequired).map { shares[(start + $0) % shares.count] }
            guard try Shamir.combine(some) == secret else {
                throw Failure(.other, "the shares do not recover \(name)")
            }
        }
    }
}
