import HTTPServing
import JSONText
import KeyManagement

/// The body of `PUT approval-policies/{operation}`.
struct ApprovalPolicyBody: RequestBodyShape {
    let required: Int
    let approvers: Set<SubjectID>
    let hours: Int

    private enum Field: String, JSONFields {
        case required, approvers, hours
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var required: Int?
        var approvers: Set<SubjectID> = []
        var hours = ApprovalPolicyRecord.standardHours
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .required: required = try reader.wholeNumber(path)
            case .approvers:
                approvers = Set(
                    try reader.list(path, atMost: ApprovalPolicyRecord.approverLimit) { (reader) throws(KMSError) in
                        try SubjectID(try reader.text(path))
                    })
            case .hours: hours = try reader.wholeNumber(path)
            }
        }
        guard let required else { throw .invalidRequest("required is missing") }
        self.required = required
        self.approvers = approvers
        self.hours = hours
    }
}
