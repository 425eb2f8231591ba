internal import FoundationEssentials
internal import KeyManagement
internal import PKCS11

/// The result of a token's probe, for another process that opens the same token a moment later and does not probe it again.
struct CachedProbe: Codable {
    private let algorithms: [String]
    private let agreementAlgorithms: [String]
    private let importMethods: [String]
    /// The numbers of the mechanisms, the best first.
    private let wrappings: [UInt]

    init(_ proof: TokenProbe.Proof) {
        algorithms = proof.report.algorithms.map(\.rawValue).sorted()
        agreementAlgorithms = proof.report.agreementAlgorithms.map(\.rawValue).sorted()
        importMethods = proof.report.importMethods.map(\.rawValue).sorted()
        wrappings = proof.wrappings.map(\.mechanism.type.rawValue)
    }

    /// Reads the output of ``bytes``; `nil` if the bytes are anything else.
    init?(bytes: [UInt8]) {
        guard let known = try? JSONDecoder().decode(CachedProbe.self, from: Data(bytes)) else { return nil }
        self = known
    }

    var bytes: [UInt8] { (try? Array(JSONEncoder().encode(self))) ?? [] }

    func proof(of token: String) -> TokenProbe.Proof {
        let wrappings = wrappings.compactMap { number in
            TokenProbe.candidates.first { $0.mechanism.type.rawValue == number }
        }
        return TokenProbe.Proof(
            report: ProbeReport(
                token: token, lines: [], wrapMechanism: wrappings.first?.standard,
                algorithms: Set(algorithms.compactMap(KeyAlgorithm.init(rawValue:))),
                agreementAlgorithms: Set(agreementAlgorithms.compactMap(KeyAlgorithm.init(rawValue:))),
                importMethods: Set(importMethods.compactMap(ImportMethod.init(rawValue:)))),
            wrappings: wrappings)
    }
}
