import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let getKeyPolicy = Operation(.getKeyPolicy, .key, .may("PolicyName", .text(1...128, .words))) {
        (call) throws(AWSFailure) in
        try await call.getKeyPolicy()
    }

    static let putKeyPolicy = Operation(
        .putKeyPolicy, .key, .may("PolicyName", .text(1...128, .words)), .must("Policy", .text(1...131_072, nil)),
        .may("BypassPolicyLockoutSafetyCheck", .flag)
    ) { (call) throws(AWSFailure) in
        try await call.putKeyPolicy()
    }

    static let listKeyPolicies = Operation(.listKeyPolicies, .key, .limit, .marker) { (call) throws(AWSFailure) in
        try await call.listKeyPolicies()
    }
}

/// GetKeyPolicy, PutKeyPolicy, ListKeyPolicies.
extension AWSCall {
    private static let policyName = "default"

    func getKeyPolicy() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        guard input.optionalText("PolicyName") ?? Self.policyName == Self.policyName else {
            throw .notFound("No such policy exists")
        }
        let document = document(of: key)
        return answer(capacity: 128 + 2 * document.utf8.count) {
            $0.field("Policy", document)
            $0.field("PolicyName", Self.policyName)
        }
    }

    func listKeyPolicies() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        let page = try await page([Self.policyName], of: ["\(key.id)"], standard: 100)
        return answer {
            $0.field("PolicyNames", page.items)
            $0.end(of: page.next)
        }
    }

    func putKeyPolicy() async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        guard input.optionalText("PolicyName") ?? Self.policyName == Self.policyName else {
            throw .notFound("No such policy exists")
        }
        _ = try await described(reference)
        let policy = try newPolicy(input.text("Policy"))
        _ = try await ask(about: reference) { () throws(KMSError) in
            try await service.changePolicy(of: reference, to: policy, allowsLockout: true, by: caller)
        }
        return Self.empty
    }

    /// Reads a new policy.
    ///
    /// - Throws: `MalformedPolicyDocumentException`, also if the policy would lock the caller out and the request does not bypass that
    ///   check.
    func newPolicy(_ text: String) throws(AWSFailure) -> KeyPolicy {
        let policy = try PolicyDocument.read(text, at: place)
        guard input.flag("BypassPolicyLockoutSafetyCheck") || policy.allows(.putKeyPolicy, to: caller.principal) else {
            throw PolicyDocument.malformed(
                "The new key policy will not allow you to update the key policy in the future.")
        }
        return policy
    }

    /// Returns the policy as it was put, or one that expresses the key's access control.
    private func document(of key: KeyRecord) -> String {
        switch key.access {
        case .policy(let policy): return policy.document
        case .byRole:
            return Self.document("key-default-1", "Enable IAM User Permissions", principals: [place.root])
        case .restricted(let list):
            let subjects = list.subjects.union(key.owner.map { [$0] } ?? [])
            let principals =
                subjects.sorted().map { place.arn($0) }
                + list.groups.sorted().map { place.arn($0) }
            return Self.document("key-access-control-1", "Owner and listed", principals: principals)
        }
    }

    private static func document(_ id: String, _ sid: String, principals: [String]) -> String {
        let names = principals.map { "\"\($0)\"" }
        let shown = names.count == 1 ? names[0] : "[ \(names.joined(separator: ", ")) ]"
        return """
            {
              "Version" : "2012-10-17",
              "Id" : "\(id)",
              "Statement" : [ {
                "Sid" : "\(sid)",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : \(shown)
                },
                "Action" : "kms:*",
                "Resource" : "*"
              } ]
            }
            """
    }
}
