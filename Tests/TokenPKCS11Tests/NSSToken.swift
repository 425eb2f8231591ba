import Foundation
import KMSTesting
import KeyManagement
import Logging
import PKCS11
import Testing

@testable import TokenPKCS11

/// The token of the real NSS softokn, in a separate folder. All tests of this process share it, because the library has one
/// database at a time.
///
/// The service refuses this token twice. The probe fails because NSS reveals keys that are not extractable. The rule for root
/// keys fails because NSS reports no key as generated there. Both checks stay as they are. So the steps after them are called
/// here one by one: the same maker makes the roots, and a token is made from them with the operations that the probe saw working.
struct NSSToken {
    let uri: PKCS11URI
    /// The report of the probe before root keys existed.
    let probe: ProbeReport
    /// The error with which the service refused to make root keys in it.
    let refusal: TokenOpenError?
    /// The number of objects in it after that.
    let objectCount: Int
    /// The violations of the rule for root keys by those made afterwards.
    let violations: [String]

    static let made = Task { try await make() }

    static let modulePath = "/usr/lib/x86_64-linux-gnu/libsoftokn3.so"
    private static let folder = "\(FileManager.default.temporaryDirectory.path)/hsm-kms-nss-\(getpid())"

    /// Opens it as the service opens a token, except for the probe and the rule.
    func open() async throws -> PKCS11Token {
        let configuration = TokenConfiguration(uri: uri, workers: 4, handleCapacity: 100)
        let proof = proof
        let wrapping = try #require(proof.wrappings.first)
        let login = try Self.login(uri)
        return PKCS11Token(
            opened: OpenedToken(
                connector: Connector(configuration), login: login, proof: proof, wrapping: wrapping, workerCount: 4),
            configuration: configuration, logger: Logger(label: "nss"))
    }

    private static func login(_ uri: PKCS11URI) throws(TokenOpenError) -> Login {
        let located = try TokenLocator.locate(uri)
        let scope = SessionScope()
        let owned = OwnedSession(
            try TokenLogin.open(.readOnly, on: located, in: scope) { () throws(TokenOpenError) in try uri.readPIN() })
        let (roots, checkValue) = try TokenOpenError.explaining("no roots") { () throws(PKCS11Error) in
            let roots = try findRoots(in: owned.session)
            return (roots, try Connector.checkValue(of: roots.current, in: owned.session))
        }
        let identity = TokenIdentity(
            label: located.info.label, serialNumber: located.info.serialNumber, epoch: roots.current.epoch,
            checkValue: checkValue)
        return Login(
            located: located, scope: scope, guardian: LoginSession(owned), roots: roots, audit: nil, identity: identity)
    }

    private static func findRoots(in session: borrowing Session) throws(PKCS11Error) -> RootKeySet {
        let found = try RootFinder.find(in: session)
        guard found.map(\.purpose) == [.integrity, .wrapping],
            let set = RootKeySet([
                RootKeys(epoch: found[0].epoch, wrapping: found[1].handle, integrity: found[0].handle)
            ])
        else { throw .malformedAnswer(from: .findObjects, "\(found)") }
        return set
    }

    private static func make() async throws -> NSSToken {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        atexit { try? FileManager.default.removeItem(atPath: NSSToken.folder) }
        let pinPath = "\(folder)/pin"
        try Data("user-1234".utf8).write(to: URL(filePath: pinPath))
        let (status, output) = try ChildProcess.run(
            "/usr/bin/certutil", ["-N", "-d", "sql:\(folder)", "-f", pinPath], environment: [:])
        try #require(status == 0, "certutil: \(String(decoding: output, as: UTF8.self))")
        let uri = try PKCS11URI(
            """
            pkcs11:token=NSS%20Certificate%20DB?module-path=\(modulePath)&pin-source=file:\(pinPath)\
            &x-init-reserved=configdir='sql:\(folder)'%20certPrefix=''%20keyPrefix=''%20secmod='secmod.db'%20flags=
            """)
        let probe = try await TokenAdministration.probe(uri)
        let refusal = await refusal(uri)
        let objectCount = try await TokenAdministration.withLogin(.readOnly, uri) {
            (session, _) throws(TokenOpenError) in
            try TokenOpenError.explaining("no objects") { () throws(PKCS11Error) in
                try session.findObjects([.token(true)]).count
            }
        }
        return NSSToken(
            uri: uri, probe: probe, refusal: refusal, objectCount: objectCount, violations: try await makeRoots(uri))
    }

    private static func refusal(_ uri: PKCS11URI) async -> TokenOpenError? {
        do throws(TokenOpenError) {
            _ = try await TokenAdministration.makeRoots(uri)
            return nil
        } catch {
            return error
        }
    }

    /// Makes the roots as ``TokenAdministration/makeRoots(_:)`` does after the token has passed. Returns the violations of the
    /// rule by the new keys.
    private static func makeRoots(_ uri: PKCS11URI) async throws -> [String] {
        try await TokenAdministration.withLogin(.readWrite, uri) { (session, located) throws(TokenOpenError) in
            do throws(TokenOpenError) {
                try RootMaker.makeFirst(in: session, of: located.name)
                return []
            } catch {
                guard case .rootsUnfit(_, let violations) = error else { throw error }
                return violations
            }
        }
    }

    /// The operations that the probe saw working, as if the token also refused what it must.
    private var proof: TokenProbe.Proof {
        var algorithms = Set(KeyAlgorithm.allCases.filter { works($0.rawValue) })
        if works("AES-GCM") { algorithms.insert(.aes256GCM96) }
        if works("RSA") { algorithms.formUnion([.rsa2048, .rsa3072, .rsa4096]) }
        let methods = probe.lines.filter { $0.group == "import" && $0.outcome.isGood }.map(\.operation)
        let wrappings = TokenProbe.candidates.filter { way in
            let name = "\(way.standard.rawValue) by \(way.mechanism.type): unwrap as not extractable"
            return probe.lines.contains { $0.operation == name && $0.outcome.isGood }
        }
        let report = ProbeReport(
            token: probe.token, lines: [], wrapMechanism: wrappings.first?.standard, algorithms: algorithms,
            agreementAlgorithms: algorithms.intersection([.ecP256, .ecP384, .ecP521]),
            importMethods: Set(methods.compactMap(ImportMethod.init(rawValue:))))
        return TokenProbe.Proof(report: report, wrappings: wrappings)
    }

    private func works(_ group: String) -> Bool {
        let lines = probe.lines.filter { $0.group == group }
        return !lines.isEmpty
            && lines.allSatisfy { $0.outcome.isGood || $0.operation == "wrap the unwrapped key again" }
    }
}
