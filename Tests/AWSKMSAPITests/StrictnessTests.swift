import Foundation
import KeyManagement
import NIOCore
import Testing

@testable import AWSKMSAPI

@Suite
struct StrictnessTests {
    let door: Door
    let key: String

    init() async throws {
        door = try await Door()
        key = try await door.key()
    }

    private func grant(_ more: String) -> String {
        #"{"KeyId": "\#(key)", "GranteePrincipal": "\#(door.arn("eve"))", "Operations": ["Decrypt"], \#(more)}"#
    }

    @Test func `are refused in every operation, whatever else is in the request`() async throws {
        for (name, operation) in Operation.all where !operation.shape.takesAnything {
            let failure = try await door.failure(name, #"{"WhatIsThis": {"a": 1}}"#)
            #expect(failure?.name == "ValidationException", "\(name): \(failure as Any)")
            #expect(failure?.message?.contains("WhatIsThis") == true, "\(name)")
        }
    }

    /// Members from later models of AWS KMS that would restrict a grant, or name a subject that does not exist here.
    @Test(arguments: [
        #""Constraints": {"SourceArn": "arn:aws:s3:::bucket"}"#,
        #""Constraints": {"SourceArn": "arn:aws:s3:::bucket", "EncryptionContextEquals": {"a": "b"}}"#,
        #""RetiringServicePrincipal": "s3.amazonaws.com""#, #""GranteeServicePrincipal": "s3.amazonaws.com""#,
    ])
    func `of later models are told apart, and no grant is made`(_ member: String) async throws {
        let failure = try await door.failure("CreateGrant", grant(member))
        #expect(failure?.name == "UnsupportedOperationException", "\(failure as Any)")
        let listed = try await door.succeed("ListGrants", #"{"KeyId": "\#(key)"}"#)
        #expect((listed["Grants"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: [
        #""Constraints": {"Whatever": {"a": "b"}}"#, #""Constraints": {"EncryptionContextEquals": "a=b"}"#,
        #""Constraints": {"EncryptionContextEquals": [["a", "b"]]}"#,
        #""Constraints": {"EncryptionContextSubset": {"a": 1}}"#,
        #""Constraints": {"EncryptionContextEquals": {"a": "\ud800"}}"#,
        #""Constraints": {"EncryptionContextEquals": {"a": null}}"#, #""Constraints": []"#,
        #""Constraints": {"encryptionContextEquals": {"a": "b"}}"#, #""constraints": {}"#,
        #""Constraints": {"EncryptionContextEquals": {}, "EncryptionContextSubset": {"a": "b"}}"#,
    ])
    func `and members of another type make no grant without its constraint`(_ member: String) async throws {
        let failure = try await door.failure("CreateGrant", grant(member))
        #expect(["ValidationException", "SerializationException"].contains(failure?.name), "\(failure as Any)")
        let listed = try await door.succeed("ListGrants", #"{"KeyId": "\#(key)"}"#)
        #expect((listed["Grants"] as? [Any])?.isEmpty == true)
    }

    @Test func `an empty context in a grant's constraint allows no other`() async throws {
        _ = try await door.succeed(
            "CreateGrant",
            grant(#""Constraints": {"EncryptionContextEquals": {}}"#).replacing("Decrypt", with: "Encrypt"))
        let eve = try Door.caller("eve", nil)
        _ = try await door.succeed("Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "AA=="}"#, by: eve)
        let failure = try await door.failure(
            "Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "AA==", "EncryptionContext": {"a": "b"}}"#, by: eve)
        #expect(failure?.name == "AccessDeniedException")
    }

    @Test func `a name that only String calls equal is another name`() async throws {
        let failure = try await door.failure("DescribeKey", "{\"\u{212A}eyId\": \"\(key)\"}")
        #expect(failure?.name == "ValidationException")
        let policy =
            "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"\u{212A}ms:*\", \"Resource\": \"*\"}]}"
        let refused = try await door.failure("PutKeyPolicy", PolicyText.request(key, policy))
        #expect(refused?.name == "MalformedPolicyDocumentException")
    }
}

/// A policy as a member of a request.
enum PolicyText {
    static func request(_ key: String, _ policy: String) throws -> String {
        let text = String(decoding: try JSONSerialization.data(withJSONObject: [policy]), as: UTF8.self)
        return
            #"{"KeyId": "\#(key)", "BypassPolicyLockoutSafetyCheck": true, "Policy": \#(text.dropFirst().dropLast())}"#
    }
}

@Suite
struct DuplicateTests {
    private static let everybody: String = #""Principal": "*", "Action": "kms:*", "Resource": "*""#

    /// The requests that contain the text in question, with `KEY` for a key.
    static let requests: [(operation: String, json: String)] = [
        ("DescribeKey", #"{"KeyId": "KEY", "KeyId": "KEY"}"#),
        ("DescribeKey", #"{"KeyId": "KEY", "K\u0065yId": "KEY"}"#),
        ("Encrypt", #"{"KeyId": "KEY", "Plaintext": "AA==", "EncryptionContext": {"a": "1", "a": "2"}}"#),
        ("Encrypt", #"{"KeyId": "KEY", "Plaintext": "AA==", "EncryptionContext": {"a": "1", "\u0061": "1"}}"#),
        ("TagResource", #"{"KeyId": "KEY", "Tags": [{"TagKey": "a", "TagKey": "b", "TagValue": "c"}]}"#),
        ("CreateKey", #"{"Tags": [{"TagKey": "a", "TagValue": "b", "TagValue": "c"}]}"#),
        (
            "CreateGrant",
            #"{"KeyId": "KEY", "GranteePrincipal": "PAUL", "Operations": ["Decrypt"], "Constraints": {"EncryptionContextEquals": {"a": "b"}}, "Constraints": {}}"#
        ),
        (
            "CreateGrant",
            #"{"KeyId": "KEY", "GranteePrincipal": "PAUL", "Operations": ["Decrypt"], "Constraints": {"EncryptionContextSubset": {"a": "b"}, "EncryptionContextSubset": {}}}"#
        ),
        (
            "CreateGrant",
            #"{"KeyId": "KEY", "GranteePrincipal": "PAUL", "Operations": ["Decrypt"], "Constraints": {"EncryptionContextSubset": {"a": "b", "a": "c"}}}"#
        ),
    ]

    @Test(arguments: requests.indices) func `are refused, wherever they stand in a request`(_ place: Int) async throws {
        let door = try await Door()
        let key = try await door.key()
        let (operation, json) = Self.requests[place]
        let text = json.replacing("KEY", with: key).replacing("PAUL", with: door.arn("paul"))
        #expect(try await door.failure(operation, text)?.name == "SerializationException")
    }

    static let policies: [String] = [
        #"{"Statement": [{"Effect": "Deny", "Effect": "Allow", \#(everybody)}]}"#,
        #"{"Statement": [{"Effect": "Deny", "Eff\u0065ct": "Allow", \#(everybody)}]}"#,
        #"{"Statement": [{"Effect": "Deny", \#(everybody)}], "Statement": [{"Effect": "Allow", \#(everybody)}]}"#,
        #"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "PAUL", "AWS": "*"}, "Action": "kms:*", "Resource": "*"}]}"#,
        #"{"Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", \#(everybody)}]}"#,
        #"{"Version": "2012-10-17", "Version": "2008-10-17", "Statement": [{"Effect": "Allow", \#(everybody)}]}"#,
    ]

    @Test(arguments: policies) func `are refused in a policy, so that no denial disappears`(_ policy: String)
        async throws
    {
        let door = try await Door()
        let key = try await door.key()
        let text = policy.replacing("PAUL", with: door.arn("paul"))
        for (operation, json) in [
            ("PutKeyPolicy", try PolicyText.request(key, text)),
            ("CreateKey", try PolicyText.request(key, text).replacing(#""KeyId": "\#(key)", "#, with: "")),
        ] {
            let failure = try await door.failure(operation, json)
            #expect(failure?.name == "MalformedPolicyDocumentException", "\(operation): \(failure as Any)")
        }
        let shown = try await door.succeed("GetKeyPolicy", #"{"KeyId": "\#(key)"}"#)
        #expect((shown["Policy"] as? String)?.contains("key-default-1") == true, "the policy is what it was")
    }
}

@Suite
struct ExactTextTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    let door: Door
    let key: String

    init() async throws {
        door = try await Door()
        key = try await door.key()
    }

    private func encrypt(_ context: String) async throws -> String {
        let answer = try await door.succeed(
            "Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "c2VjcmV0", "EncryptionContext": {\#(context)}}"#)
        return answer["CiphertextBlob"] as? String ?? ""
    }

    private func decrypts(_ blob: String, _ context: String) async throws -> Bool {
        let answer = try await door.ask(
            "Decrypt", #"{"CiphertextBlob": "\#(blob)", "EncryptionContext": {\#(context)}}"#)
        if case .success = answer { return true } else { return false }
    }

    @Test func `two spellings of a name are two pairs of a context`() async throws {
        let both = #""\#(Self.composed)": "1", "\#(Self.decomposed)": "2""#
        let blob = try await encrypt(both)
        #expect(try await decrypts(blob, both))
        for one in [#""\#(Self.composed)": "1""#, #""\#(Self.decomposed)": "2""#, #""\#(Self.composed)": "2""#] {
            #expect(try await !decrypts(blob, one), "\(one)")
            #expect(try await !decrypts(try await encrypt(one), both))
        }
        let composed = try await encrypt(#""\#(Self.composed)": "1""#)
        #expect(try await !decrypts(composed, #""\#(Self.decomposed)": "1""#))
        #expect(try await decrypts(composed, #""caf\u00e9": "1""#), "an escape is the character")
    }

    @Test func `a grant's constraint keeps both, and is shown with both`() async throws {
        let constraint = #"{"EncryptionContextEquals": {"\#(Self.composed)": "1", "\#(Self.decomposed)": "2"}}"#
        _ = try await door.succeed(
            "CreateGrant",
            #"{"KeyId": "\#(key)", "GranteePrincipal": "\#(door.arn("eve"))", "Operations": ["Encrypt"], "Constraints": \#(constraint)}"#
        )
        let body = try await door.api.answer("ListGrants", Array(#"{"KeyId": "\#(key)"}"#.utf8), Door.caller())
        let text = Data(body.readableBytesView)
        #expect(text.firstRange(of: Data(Self.composed.utf8)) != nil)
        #expect(text.firstRange(of: Data(Self.decomposed.utf8)) != nil)
        let eve = try Door.caller("eve", nil)
        let one = try await door.failure(
            "Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "AA==", "EncryptionContext": {"\#(Self.composed)": "1"}}"#,
            by: eve)
        #expect(one?.name == "AccessDeniedException")
    }

    @Test func `tags of two spellings are two tags, and go one by one`() async throws {
        let tags =
            #"[{"TagKey": "\#(Self.composed)", "TagValue": "1"}, {"TagKey": "\#(Self.decomposed)", "TagValue": "2"}]"#
        _ = try await door.succeed("TagResource", #"{"KeyId": "\#(key)", "Tags": \#(tags)}"#)
        _ = try await door.succeed("UntagResource", #"{"KeyId": "\#(key)", "TagKeys": ["\#(Self.composed)"]}"#)
        let left = try await door.succeed("ListResourceTags", #"{"KeyId": "\#(key)"}"#)
        #expect((left["Tags"] as? [[String: String]])?.map { $0["TagValue"] } == ["2"])
    }

    @Test func `bytes that are not UTF-8 are refused, wherever they stand`() async throws {
        for (operation, before, after) in [
            ("Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "AA==", "EncryptionContext": {"a": ""#, #""}}"#),
            ("Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "AA==", "EncryptionContext": {""#, #"": "a"}}"#),
            ("UpdateKeyDescription", #"{"KeyId": "\#(key)", "Description": ""#, #""}"#),
            ("TagResource", #"{"KeyId": "\#(key)", "Tags": [{"TagKey": "a", "TagValue": ""#, #""}]}"#),
        ] {
            for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
                let caller = try Door.caller()
                do throws(AWSFailure) {
                    _ = try await door.api.answer(
                        operation, Array(before.utf8) + bytes + Array(after.utf8), caller)
                    Issue.record("\(operation) took \(bytes)")
                } catch {
                    #expect(error.name == "SerializationException")
                }
            }
        }
    }
}
