import Foundation
import GRDB
import KeyManagement

/// The row of the first answer to a request, in the table `answer`.
enum AnswerRow {
    static let columns = """
        id, request_digest, answer, created_at, seal_epoch, seal
        """

    static let insert = """
        INSERT INTO answer (\(columns)) VALUES (
            :id, :request_digest, :answer, :created_at, :seal_epoch, :seal)
        """

    static func arguments(of sealed: Sealed<IdempotentAnswer>) throws(StoreError) -> StatementArguments {
        let record = sealed.unverified
        return [
            "id": Data(record.id.bytes),
            "request_digest": Data(record.requestDigest),
            "answer": Data(record.answer),
            "created_at": record.createdAt.milliseconds,
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

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
