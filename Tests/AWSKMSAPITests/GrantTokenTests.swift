import Encodings
import KMSTesting
import KeyManagement
import Logging
import Testing

@testable import AWSKMSAPI

@Suite
struct GrantTokenTests {
    let door: Door
    let key: String

    init() async throws {
        door = try await Door()
        key = try await door.key()
    }

    private func made() async throws -> (token: String, id: String) {
        let answer = try await door.succeed(
            "CreateGrant",
            #"{"KeyId": "\#(key)", "GranteePrincipal": "\#(door.arn("eve"))", "Operations": ["Encrypt", "RetireGrant"]}"#
        )
        return (answer["GrantToken"] as? String ?? "", answer["GrantId"] as? String ?? "")
    }

    private func encrypt(_ tokens: String...) async throws -> AWSFailure? {
        let list = tokens.map { "\"\($0)\"" }.joined(separator: ", ")
        return try await door.failure(
            "Encrypt", #"{"KeyId": "\#(key)", "Plaintext": "AA==", "GrantTokens": [\#(list)]}"#,
            by: try Door.caller("eve", nil))
    }

    @Test func `that CreateGrant gave are taken, each text once`() async throws {
        let (first, second) = (try await made(), try await made())
        #expect(first.token != second.token)
        #expect(try await encrypt(first.token) == nil)
        #expect(try await encrypt(first.token, second.token) == nil)
        let elsewhere = AWSAPI(
            service: KeyService(
                token: door.token, store: door.store, audit: door.audit, clock: door.clock, recordLease: .zero,
                logger: .init(label: "test")))
        let body = #"{"KeyId": "\#(key)", "Plaintext": "AA==", "GrantTokens": ["\#(first.token)"]}"#
        _ = try await elsewhere.answer("Encrypt", Array(body.utf8), try Door.caller("eve", nil))
    }

    @Test
    func `that were made up are refused in every operation that takes them, and before anything else of it is told`()
        async throws
    {
        let (token, id) = try await made()
        var flipped = Array(token)
        for place in [5, 13, 30, 80, token.count - 1] {
            flipped = Array(token)
            flipped[place] = flipped[place] == "0" ? "1" : "0"
            #expect(try await encrypt(String(flipped))?.name == "InvalidGrantTokenException", "\(place)")
        }
        let older = "kmsg1" + String(repeating: "00", count: 8) + key.replacing("-", with: "") + id
        for text in [
            older, "anything", "kmsg2", "kmsg2zz", String(token.dropLast(2)), token + "00", token.uppercased(),
        ] {
            #expect(try await encrypt(text)?.name == "InvalidGrantTokenException", "\(text)")
            #expect(try await encrypt(token, text)?.name == "InvalidGrantTokenException", "\(text)")
            let retired = try await door.failure("RetireGrant", #"{"GrantToken": "\#(text)"}"#)
            #expect(retired?.name == "InvalidGrantTokenException")
        }
        for (name, operation) in Operation.all
        where operation.shape.members.contains(where: { $0.name == "GrantTokens" && !$0.isRequired }) {
            let required = operation.shape.members.filter(\.isRequired)
            guard required.allSatisfy({ $0.name == "KeyId" }) else { continue }
            let failure = try await door.failure(name, #"{"KeyId": "\#(key)", "GrantTokens": ["\#(older)"]}"#)
            #expect(failure?.name == "InvalidGrantTokenException", "\(name)")
        }
    }

    @Test func `outlive a change of roots, and their grant's end gives nothing`() async throws {
        let (token, _) = try await made()
        _ = try await door.succeed("RetireGrant", #"{"GrantToken": "\#(token)"}"#, by: try Door.caller("eve", nil))
        #expect(try await encrypt(token)?.name == "AccessDeniedException")
        #expect(try await door.failure("RetireGrant", #"{"GrantToken": "\#(token)"}"#)?.name == "NotFoundException")
    }
}

@Suite
struct StrangerTests {
    let door: Door
    let key: String

    init() async throws {
        door = try await Door()
        key = try await door.key()
        _ = try await door.succeed("CreateAlias", #"{"AliasName": "alias/secret-plan", "TargetKeyId": "\#(key)"}"#)
        // Only its owner has access.
        let reference = KeyReference.id(try #require(KeyID(key)))
        _ = try await door.service.changeAccess(to: reference, .on(.empty), by: Door.caller())
    }

    private func answers(_ operation: String, by caller: Caller, _ json: (String) -> String) async throws -> Set<String>
    {
        var answers: Set<String> = []
        for name in ["user/paul", "user/nobody", "group/staff", "role/maria"] {
            let arn = "arn:aws:iam::\(Door.account):\(name)"
            let failure = try await door.failure(operation, json(arn), by: caller)
            answers.insert("\(failure?.name ?? "nothing") \(failure?.message ?? "")")
        }
        return answers
    }

    @Test func `a grant or a policy on a key that is hidden, or that does not exist, tells nobody who there is`()
        async throws
    {
        for key in [key, KeyID().description] {
            for caller in [try Door.caller("paul", .manager), try Door.caller("eve", nil)] {
                let granting = try await answers("CreateGrant", by: caller) {
                    #"{"KeyId": "\#(key)", "GranteePrincipal": "\#($0)", "Operations": ["Decrypt"]}"#
                }
                #expect(granting.count == 1, "\(granting)")
                let retiring = try await answers("CreateGrant", by: caller) {
                    #"{"KeyId": "\#(key)", "GranteePrincipal": "\#(door.arn("paul"))", "RetiringPrincipal": "\#($0)", "Operations": ["Decrypt"]}"#
                }
                #expect(retiring.count == 1, "\(retiring)")
                let putting = try await answers("PutKeyPolicy", by: caller) {
                    (try? PolicyText.request(key, Self.policy($0))) ?? ""
                }
                #expect(putting.count == 1, "\(putting)")
            }
        }
        let creating = try await answers("CreateKey", by: try Door.caller("eve", nil)) {
            ((try? PolicyText.request(key, Self.policy($0))) ?? "").replacing(#""KeyId": "\#(key)", "#, with: "")
        }
        #expect(creating.count == 1 && creating.first?.hasPrefix("AccessDenied") == true, "\(creating)")
    }

    private static func policy(_ arn: String) -> String {
        #"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "\#(arn)"}, "Action": "kms:*", "Resource": "*"}]}"#
    }

    @Test func `who may, is told of a name that nobody has`() async throws {
        let granting = try await door.failure(
            "CreateGrant",
            #"{"KeyId": "\#(key)", "GranteePrincipal": "\#(door.arn("nobody"))", "Operations": ["Decrypt"]}"#)
        #expect(granting?.name == "InvalidArnException")
        let putting = try await door.failure("PutKeyPolicy", PolicyText.request(key, Self.policy(door.arn("nobody"))))
        #expect(putting?.name == "MalformedPolicyDocumentException")
    }

    @Test func `markers contain no name, and are good for their list, their caller and their filter only`() async throws
    {
        for name in ["other-a", "other-b", "other-c"] {
            let other = try await door.key()
            _ = try await door.succeed("CreateAlias", #"{"AliasName": "alias/\#(name)", "TargetKeyId": "\#(other)"}"#)
        }
        let paul = try Door.caller("paul", .manager)
        let first = try await door.succeed("ListAliases", #"{"Limit": 2}"#, by: paul)
        #expect((first["Aliases"] as? [Any])?.count == 2)
        let marker = try #require(first["NextMarker"] as? String)
        for name in ["secret-plan", "other-b", "other-c"] {
            #expect(!marker.contains(name) && !marker.contains(Hexadecimal.text(Array(name.utf8))))
        }
        let rest = try await door.succeed("ListAliases", #"{"Limit": 2, "Marker": "\#(marker)"}"#, by: paul)
        #expect((rest["Aliases"] as? [Any])?.count == 1 && rest["Truncated"] as? Bool == false)
        for (operation, json, caller) in [
            ("ListAliases", #"{"Marker": "\#(marker)"}"#, try Door.caller()),
            ("ListKeys", #"{"Marker": "\#(marker)"}"#, paul),
            ("ListGrants", #"{"KeyId": "\#(key)", "Marker": "\#(marker)"}"#, try Door.caller()),
            ("ListAliases", #"{"Marker": "kms1\#(Hexadecimal.text(Array("other-a".utf8)))"}"#, paul),
            ("ListAliases", #"{"Marker": "2"}"#, paul),
        ] {
            #expect(
                try await door.failure(operation, json, by: caller)?.name == "InvalidMarkerException", "\(operation)")
        }
    }

    @Test func `grants of hidden keys are not listed for those who may retire others' grants`() async throws {
        _ = try await door.succeed(
            "CreateGrant",
            #"{"KeyId": "\#(key)", "GranteePrincipal": "\#(door.arn("eve"))", "RetiringPrincipal": "\#(door.arn("maria"))", "Operations": ["Decrypt"]}"#
        )
        for name in ["maria", "nobody"] {
            let listed = try await door.succeed(
                "ListRetirableGrants", #"{"RetiringPrincipal": "\#(door.arn(name))"}"#, by: try Door.caller("paul"))
            #expect((listed["Grants"] as? [Any])?.isEmpty == true, "\(name)")
        }
        let own = try await door.succeed("ListRetirableGrants", #"{"RetiringPrincipal": "\#(door.arn("maria"))"}"#)
        #expect((own["Grants"] as? [Any])?.count == 1)
    }
}
