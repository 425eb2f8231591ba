import Foundation
import Testing

/// A parser of outside bytes, with the property that must hold for every input.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
    /// The name of its folder below `Corpora`, and of the target of `scripts/fuzz`.
    let name: String
    /// The maximum length of an input, in bytes.
    let maxLength: Int
    /// The inputs made by the parser's own encoder, in addition to those of the corpus.
    let samples: @Sendable () -> [[UInt8]]
    /// Parses the input.
    ///
    /// - Throws: a ``BrokenProperty``. A refusal by the parser is not one.
    let check: @Sendable ([UInt8]) throws(BrokenProperty) -> Void

    init(
        _ name: String, maxLength: Int = 4096, samples: @escaping @Sendable () -> [[UInt8]] = { [] },
        check: @escaping @Sendable ([UInt8]) throws(BrokenProperty) -> Void
    ) {
        self.name = name
        self.maxLength = maxLength
        self.samples = samples
        self.check = check
    }

    var testDescription: String { name }

    static let all: [FuzzTarget] =
        jsonTargets + httpTargets + tokenTargets + cryptoTargets + fileTargets + policyTargets + wireTargets
        + settingTargets + loginTargets

    /// Returns the initial inputs: the corpus and the samples, in a fixed order.
    func seeds() throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpora/\(name)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return try samples() + names.sorted().map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
    }
}

/// A property that must hold for a parser, and does not for an input.
struct BrokenProperty: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Throws unless the claim holds.
func hold(_ claim: Bool, _ what: @autoclosure () -> String) throws(BrokenProperty) {
    guard claim else { throw BrokenProperty(what()) }
}
