import JSONText
import KeyManagement

extension Answers {
    /// Returns the answer to a batch: the results in the order of the items, each the fields of the item's answer, or the code and message
    /// of the failure.
    static func batch<Value>(of item: Answer<Value>) -> Answer<[ItemResult<Value>]> {
        Answer(
            .object([
                .must("failures", Schema.count.example(0)),
                .must("results", .list(of: .oneOf(item.schema, itemFailure))),
            ]),
            capacity: { results in
                results.reduce(256) { sum, result in
                    guard case .success(let value) = result else { return sum + 256 }
                    return sum + item.capacity(value) + 64
                }
            },
            write: { writer, results in
                writer.field("failures", results.count { if case .failure = $0 { true } else { false } })
                writer.list("results", results) { writer, result in
                    writer.object { writer in
                        switch result {
                        case .success(let value): item.write(&writer, value)
                        case .failure(let error):
                            writer.field("code", error.code.rawValue)
                            writer.field("message", error.message)
                        }
                    }
                }
            })
    }

    /// The failure of one item of a batch.
    private static let itemFailure = Schema.component(
        "ItemFailure",
        .object([
            .must("code", .one(of: FailureCode.allCases.filter(itemCodes.contains).map(\.rawValue))),
            .must("message", .text),
        ]))

    private static let itemCodes = FailureCode.ofUses.union(FailureCode.always).union([
        .accessDenied, .decryptionFailed, .versionNotFound, .conflict,
    ]).subtracting([.headersTooLarge, .tooManyFailures])
}
