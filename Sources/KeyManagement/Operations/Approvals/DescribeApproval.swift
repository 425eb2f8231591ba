extension KeyService {
    package func approval(_ id: ApprovalID, by principal: Principal) async throws(KMSError) -> ApprovalRecord {
        try await withAudit(.readApprovals, by: principal, details: ["approval": id.text]) { (_) throws(KMSError) in
            guard let record = try await records.directoryRecord(ApprovalRecord.self, id.text),
                Self.concerns(principal, record, try await storedPolicies())
            else { throw .approvalNotFound(id) }
            return record
        }
    }
}
