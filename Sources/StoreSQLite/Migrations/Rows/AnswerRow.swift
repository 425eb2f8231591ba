import GRDB
import KeyManagement

/// The row of the first answer to a request, in the table `answer`, which stores of before "2026-09 documents" have.
enum AnswerRow {
    static let columns = """
        id, request_digest, answer, created_at, seal_epoch, seal
        """

    static func record(_ row: Row) throws(StoreError) -> Sealed<IdempotentAnswer> {
        let reader = RowReader(row, record: "a stored answer")
        let record = IdempotentAnswer(
            id: IdempotentRequestID(bytes: try reader.blob("id", count: 32)),
            requestDigest: try reader.blob("request_digest", count: 32),
            answer: try reader.blob("answer"),
            createdAt: try reader.time("created_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
