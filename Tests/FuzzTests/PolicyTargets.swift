import Foundation
import KeyManagement

@testable import AWSKMSAPI
@testable import KeyManagement

extension FuzzTarget {
    static let policyTargets = [policy, record]

    /// A key policy as IAM writes it.
    private static let policy = FuzzTarget("policy", samples: { policySamples }) { (bytes) throws(BrokenProperty) in
        guard let text = String(validating: bytes, as: UTF8.self),
            let policy = try? PolicyDocument.read(text, at: Place(account: "123456789012", region: "eu-central-1"))
        else { return }
        try hold(policy.document.utf8.elementsEqual(bytes), "the policy that is kept is another one")
        for statement in policy.statements {
            let again = AccessStatement(text: statement.text)
            try hold(again == statement, "a statement is read as another one: \(statement.text)")
        }
        try hold((try? JSONSerialization.jsonObject(with: Data(bytes))) != nil, "another reader refuses it")
    }

    private static let policySamples = [
        #"{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"#
            + #"["arn:aws:iam::123456789012:user/ann","arn:aws:iam::123456789012:root"]},"Action":["kms:*","kms:De?rypt"],"#
            + #""Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"kms:Encrypt","Resource":["*"]}]}"#
    ].map { Array($0.utf8) }

    /// The records of the store. An attacker with write access to the database can put anything there.
    private static let record = FuzzTarget("record", samples: { recordSamples }) { (bytes) throws(BrokenProperty) in
        try read(ProjectRecord.self, bytes)
        try read(SubjectRecord.self, bytes)
        try read(GroupRecord.self, bytes)
        try read(CredentialRecord.self, bytes)
        try read(AccessKeyRecord.self, bytes)
        try read(LocationRecord.self, bytes)
        try read(RootRecord.self, bytes)
        try read(ApprovalPolicyRecord.self, bytes)
        try read(ApprovalRecord.self, bytes)
        try read(KeyGrants.self, bytes)
    }

    private static func read<Record: DirectoryRecord>(_ type: Record.Type, _ bytes: [UInt8]) throws(BrokenProperty) {
        guard let record = Record(canonical: bytes) else { return }
        // Not all readable bytes are canonical, but the bytes written for them are.
        let again = Record(canonical: record.canonicalBytes)
        try hold(again == record, "a record is read as another one: \(record)")
    }

    private static let recordSamples: [[UInt8]] = {
        guard let key = KeyID(bytes: [UInt8](repeating: 7, count: 16)), let project = try? ProjectID("default") else {
            return []
        }
        var grants = KeyGrants(keyID: key, project: project, at: Timestamp(milliseconds: 5))
        grants.revision = 2
        return [grants.canonicalBytes]
    }()
}
