import ArgumentParser
import KeyManagement
import TokenPKCS11

struct TokenProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Test what the service needs from a token.",
        discussion: """
            Performs every operation that the service needs, with temporary session objects, and every operation that the token must \
            refuse, also on existing root keys. Exit code 3 if the token is not sufficient.

            Example: kms token probe --config /etc/kms/kms.yaml
            """)

    @OptionGroup var view: ViewOptions

    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try await TokenAdministration.probe(Configuration.uri(try options.settings()))
            try view.output.show(ProbeJSON(report), as: Self.text(report, view.style))
            guard report.isSufficient else {
                throw Failure(
                    TokenOpenError.tokenIncapable(token: report.token, missing: report.missing))
            }
        }
    }

    private static func text(_ report: ProbeReport, _ style: TextStyle) -> String {
        var table = Table("GROUP", "OPERATION", "RESULT")
        for line in report.lines {
            table.add(.text(line.group), .text(line.operation), .free(line.outcome.text(line.isRequired)))
        }
        let algorithms = report.algorithms.map(\.rawValue).sorted().joined(separator: ", ")
        let methods = report.importMethods.map(\.rawValue).sorted().joined(separator: ", ")
        return table.text(in: style) + """

            \(report.token)
            wraps version keys by  \(report.wrapMechanism?.rawValue ?? "nothing")
            offers                 \(algorithms.isEmpty ? "nothing" : algorithms)
            imports keys by        \(methods.isEmpty ? "nothing" : methods)

            """
    }
}

extension ProbeReport.Outcome {
    fileprivate func text(_ isRequired: Bool) -> String {
        switch self {
        case .passed(let detail): detail.isEmpty ? "works" : "works: \(detail)"
        case .refused(let code): "refused, as required: \(code)"
        case .failed(let why): (isRequired ? "FAILS: " : "not available: ") + why
        }
    }
}

private struct ProbeJSON: Encodable {
    struct Line: Encodable {
        let group: String
        let operation: String
        let good: Bool
        let required: Bool
        let result: String
    }

    let token: String
    let sufficient: Bool
    let missing: [String]
    let wrapMechanism: String?
    let algorithms: [String]
    let importMethods: [String]
    let lines: [Line]

    init(_ report: ProbeReport) {
        token = report.token
        sufficient = report.isSufficient
        missing = report.missing
        wrapMechanism = report.wrapMechanism?.rawValue
        algorithms = report.algorithms.map(\.rawValue).sorted()
        importMethods = report.importMethods.map(\.rawValue).sorted()
        lines = report.lines.map {
            Line(
                group: $0.group, operation: $0.operation, good: $0.outcome.isGood, required: $0.isRequired,
                result: $0.outcome.text($0.isRequired))
        }
    }
}
