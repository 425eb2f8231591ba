import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let scheduleDeletion = Endpoint(
        change: .post, "keys/{key}/schedule-deletion", "scheduleDeletion",
        "Schedules the deletion of a key and all of its versions", guide: .scheduleDeletion, verb: .destroy,
        body: ScheduleDestructionBody.self,
        message: "deletion scheduled", failures: FailureCode.ofChanges.union(FailureCode.ofGuarded)
    ) { request in
        let key = try request.key()
        let (body, options) = try await request.change()
        return try await request.service.scheduleDeletion(of: key, in: body.days, options: options, by: request.caller)
    }
}

/// The body of the scheduled deletion of a key, and of the scheduled destruction of a version. It is optional.
struct ScheduleDestructionBody: FieldBody, ChangeBodyShape {
    var days: Int?
    var note: ChangeNote?
    var isDryRun = false

    static let name = "ScheduleDestruction"
    static let example: DocumentValue = ["days": 30, "reason": "superseded"]
    static var absent: ScheduleDestructionBody? { ScheduleDestructionBody() }

    enum Field: String, DescribedFields {
        case days, reason, comment, dryRun

        var shape: FieldShape {
            switch self {
            case .days:
                .may(
                    .number(0...KeyRules.maxDestructionDays)
                        .described("The waiting period in which it can be cancelled. The operator sets its minimum."))
            case .reason: ChangeBody.Field.reason.shape
            case .comment: ChangeBody.Field.comment.shape
            case .dryRun: ChangeBody.Field.dryRun.shape
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] { ChangeBody.commentNeedsReason }

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var days: Int?
        var fields = ChangeBody.Fields()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            switch field {
            case .days: days = try reader.wholeNumber(FieldPath(field))
            case .reason: try fields.read(.reason, &reader)
            case .comment: try fields.read(.comment, &reader)
            case .dryRun: try fields.read(.dryRun, &reader)
            }
        }
        self.days = days
        note = try fields.note()
        isDryRun = fields.isDryRun
    }
}
