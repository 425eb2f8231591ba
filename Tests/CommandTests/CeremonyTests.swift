import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// Key ceremonies from a file, on the real SoftHSM.
@Suite struct CeremonyTests {
    private static let example = "hsm-config/ceremony.yaml"

    private static func plan(_ machine: Machine, _ edit: (String) -> String = { $0 }) throws -> String {
        let text = """
            ceremony: Roots of the test
            token:
              label: made
              module: \(SoftHSMFolder.modulePath)
              pin-file: \(machine.path("new-pin"))
            store: \(machine.path("new.sqlite"))
            folder: \(machine.path("ceremony"))
            shares:
              required: 2
              custodians: [ann, bob, eve]
            """
        try machine.write(edit(text), to: "plan.yaml")
        return machine.path("plan.yaml")
    }

    @Test func `the example is rehearsed, and its transcript and report verify`() async throws {
        let machine = try await Machine(isReady: false)
        let out = machine.path("rehearsal")
        let outcome = try await machine.kms("ceremony", "rehearse", Self.example, "--out", out)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for document in ["transcript.json", "custody.json"] {
            let verified = try await machine.kms(
                "custody", "verify", "\(out)/\(document)", "--audit-key", "\(out)/audit.pem")
            #expect(verified.status == 0 && verified.text.contains("genuine"), "\(verified.errors)")
        }
        let transcript = try String(contentsOfFile: "\(out)/transcript.json", encoding: .utf8)
        let pin = try String(contentsOfFile: "\(out)/pin", encoding: .utf8)
        #expect(transcript.contains(#""isRehearsal" : true"#) && !transcript.contains(pin))
        #expect(!FileManager.default.fileExists(atPath: out + "/throw-away-token"))
        let again = try await machine.kms("ceremony", "rehearse", Self.example, "--out", out)
        #expect(again.status == 2 && again.errors.contains("exists already"), "\(again.errors)")
    }

    @Test func `run asks before each step, and what it made serves; shares make the PIN whole`() async throws {
        let machine = try await Machine(isReady: false)
        let plan = try Self.plan(machine)
        let dry = try await machine.kms("ceremony", "run", plan, "--dry-run")
        #expect(dry.status == 0 && dry.text.contains("7. ") && dry.text.contains("nothing was done"), "\(dry.errors)")
        #expect(!FileManager.default.fileExists(atPath: machine.path("ceremony")))
        let done = try await Command.runOnTerminal(
            ["ceremony", "run", plan], input: String(repeating: "yes\n", count: 7), environment: machine.environment)
        #expect(done.status == 0, "\(done.text)")
        let folder = machine.path("ceremony")
        let shares = ["bob", "eve"].map { "\(folder)/shares/user-pin-\($0).share" }
        let combined = try await machine.kms(
            "ceremony", "combine", shares[0], shares[1], "--out", machine.path("whole"))
        #expect(combined.status == 0, "\(combined.errors)")
        #expect(
            try String(contentsOfFile: machine.path("whole"), encoding: .utf8)
                == String(contentsOfFile: machine.path("new-pin"), encoding: .utf8))
        let few = try await machine.kms("ceremony", "combine", shares[0], "--out", machine.path("none"))
        #expect(few.status == 9 && few.errors.contains("2 shares are required"), "\(few.errors)")

        // The token serves with the PIN that three people hold in shares.
        let uri = "pkcs11:token=made?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:\(machine.path("whole"))"
        let shown = try await machine.kms("root", "show", with: ["KMS_TOKEN_URI": uri])
        #expect(shown.status == 0 && shown.text.contains("kms-root-wrap-1"), "\(shown.errors)")
        let service = try await Service.start(
            on: machine,
            with: [
                "KMS_TOKEN_URI": uri, "KMS_STORE_PATH": machine.path("new.sqlite"), "KMS_AUDIT_PATH": folder + "/audit",
            ])
        #expect(await service.stop() == 0)
        let verified = try await machine.kms(
            "custody", "verify", "\(folder)/transcript.json", "--audit-key", "\(folder)/audit.pem")
        #expect(verified.status == 0 && verified.text.contains("7 steps"), "\(verified.errors)")

        let again = try await machine.kms("ceremony", "run", plan, "--yes")
        #expect(again.status == 2 && again.errors.contains("exists already"), "\(again.errors)")
    }

    @Test func `what is not confirmed is not done`() async throws {
        let machine = try await Machine(isReady: false)
        let plan = try Self.plan(machine)
        let outcome = try await Command.runOnTerminal(
            ["ceremony", "run", plan], input: "no\n", environment: machine.environment)
        #expect(outcome.status == 9 && outcome.text.contains("not confirmed"), "\(outcome.text)")
        let unasked = try await machine.kms("ceremony", "run", plan, input: Data("yes\n".utf8))
        #expect(unasked.status == 9 && unasked.errors.contains("--yes"), "\(unasked.errors)")
        let listed = try await machine.kms("token", "list", "--json")
        #expect(!listed.text.contains(#""made""#), "\(listed.text)")
    }

    @Test(arguments: [
        ("required: 2", "required: 4", "2 to 3"), ("required: 2", "required: 1", "2 to 3"),
        ("required: 2", "required: x", "not a number"), ("[ann, bob, eve]", "[ann, ann]", "each once"),
        ("[ann, bob, eve]", "[ann, ../eve]", "names of files"), ("label: made", "label:", "'token.label' is missing"),
        ("store:", "stores:", "'stores' is not known"), ("ceremony: Roots", "ceremony: [", "YAML"),
    ])
    func `a file that cannot be is refused as a whole`(_ old: String, _ new: String, _ message: String) async throws {
        let machine = try await Machine(isReady: false)
        let plan = try Self.plan(machine) { $0.replacing(old, with: new) }
        let outcome = try await machine.kms("ceremony", "run", plan, "--yes")
        #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: machine.path("ceremony")))
    }
}
