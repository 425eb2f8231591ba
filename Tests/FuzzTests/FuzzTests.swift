import Foundation
import Testing

/// Every parser of outside bytes, with its corpus and mutations of it. `scripts/fuzz` runs the same targets under libFuzzer.
@Suite struct FuzzTests {
    /// The number of mutations for each target; `KMS_FUZZ_MUTATIONS` sets it.
    ///
    /// It is a number and not a time, so that fast and slow machines try the same inputs.
    private static let mutations = ProcessInfo.processInfo.environment["KMS_FUZZ_MUTATIONS"].flatMap(Int.init) ?? 2_000
    /// The time limit for one input, on a machine that also runs other work.
    private static let limit = Duration.seconds(5)

    @Test(arguments: FuzzTarget.all)
    func `the corpus of a parser and mutations of it break no property`(target: FuzzTarget) throws {
        let seeds = try target.seeds()
        try #require(!seeds.isEmpty, "there is no corpus")
        for seed in seeds { try Self.attempt(seed, target) }
        var mutator = Mutator(seed: 1)
        for _ in 0..<Self.mutations {
            let input = mutator.mutate(
                seeds[mutator.index(of: seeds.count)], with: seeds[mutator.index(of: seeds.count)],
                maxLength: target.maxLength)
            try Self.attempt(input, target)
        }
    }

    @Test func `the names of the targets are different`() {
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
    }

    private static func attempt(_ input: [UInt8], _ target: FuzzTarget) throws {
        let start = ContinuousClock.now
        do {
            try target.check(input)
        } catch {
            throw BrokenProperty("\(error), for \(Data(input).base64EncodedString())")
        }
        let took = ContinuousClock.now - start
        guard took < limit else { throw BrokenProperty("\(took) for \(Data(input).base64EncodedString())") }
    }
}
