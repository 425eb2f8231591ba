import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// The life cycle of roots, as an operator manages it: with the real service on SoftHSM.
@Suite struct RootCommandTests {
    @Test(arguments: ["none", "process"])
    func `rotate, retire, certify: nothing is lost, and what is only in a backup is`(_ isolation: String) async throws {
        let machine = try await Machine()
        var service = try await Service.start(on: machine, with: ["KMS_TOKEN_ISOLATION": isolation])
        #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        #expect(try await service.request("POST", "/keys", #"{"name":"s","algorithm":"EC-P256"}"#).status == 201)
        #expect(try await service.request("POST", "/keys", #"{"name":"r","algorithm":"RSA-2048"}"#).status == 201)
        #expect(try await service.request("PUT", "/aliases/second", #"{"key":"a"}"#).status == 200)
        let old = try await service.issue("a")
        #expect(try await service.request("POST", "/keys/a/rotate").status == 200)
        try await machine.succeed("backup", "create", machine.path("before"))
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")

        // The first epoch is the latest, so it cannot be retired. A manager has no permission for it.
        let early = try await service.kms(
            "root", "retire", "1", "--out", machine.path("early.json"), "--yes", as: "admin")
        #expect(early.status == 8 && early.errors.contains("is the latest"), "\(early.errors)")
        #expect(try await service.kms("root", "rotate").status == 6)

        let rotated = try await service.kms("root", "rotate", as: "admin")
        #expect(rotated.status == 0, "\(rotated.errors)")
        let listed = try await service.kms("root", "list", "--json", as: "admin")
        #expect(listed.text.contains(#""epoch" : 2"#), "\(listed.text)")
        #expect(try await service.opens(old))
        #expect(try await service.kms("store", "verify", as: "admin").status == 0)

        let certificate = machine.path("epoch-1.json")
        let retire = ["root", "retire", "1", "--out", certificate]
        let asked = try await service.onTerminal(retire, input: "no\n", as: "admin")
        #expect(asked.status == 9 && asked.text.contains("not confirmed"), "\(asked.text)")
        let retired = try await service.onTerminal(retire, input: "destroy 1\n", as: "admin")
        #expect(retired.status == 0, "\(retired.text)")
        #expect(try await service.opens(old))
        #expect(try await service.kms("store", "verify", as: "admin").status == 0)

        // Certified again, after another start.
        await service.stop()
        service = try await Service.start(on: machine, with: ["KMS_TOKEN_ISOLATION": isolation])
        #expect(try await service.opens(old))
        let again = machine.path("again.json")
        #expect(try await service.kms("root", "certificate", "1", "--out", again, as: "admin").status == 0)
        await service.stop()
        for file in [certificate, again] {
            let verified = try await machine.kms(
                "custody", "verify", file, "--audit-key", machine.path("audit.pem"), "--epoch", "1", "--backup",
                machine.path("before"))
            #expect(verified.status == 0 && verified.text.contains("root epoch 1"), "\(verified.errors)")
        }
        let openssl = try await machine.run(
            "openssl", "dgst", "-sha256", "-verify", machine.path("audit.pem"), "-signature", certificate + ".sig",
            certificate)
        #expect(openssl.status == 0, "\(openssl.errors)")
        let other = try await machine.kms(
            "custody", "verify", certificate, "--audit-key", machine.path("audit.pem"), "--epoch", "2")
        #expect(other.status == 11 && other.errors.contains("for root epoch 1"), "\(other.errors)")

        // The backup made before: tried, and refused.
        let restored = machine.path("old.sqlite")
        try FileManager.default.copyItem(atPath: machine.path("before/store.sqlite"), toPath: restored)
        let refused = try await machine.kms("serve", "--port", "0", with: ["KMS_STORE_PATH": restored])
        #expect(refused.status == 4 && refused.errors.contains("root epoch 1"), "\(refused.errors)")
    }

    @Test func `a report proves custody, and no byte of it can be changed`() async throws {
        let machine = try await Machine()
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        let report = machine.path("custody.json")
        try await withService(on: machine) { service in
            for body in [#"{"name":"a"}"#, #"{"name":"m","algorithm":"HMAC-SHA256"}"#] {
                #expect(try await service.request("POST", "/keys", body).status == 201)
            }
            for _ in 0..<3 { #expect(try await service.request("POST", "/keys/a/rotate").status == 200) }
            let made = try await service.kms("custody", "report", "--out", report, as: "admin")
            #expect(made.status == 0 && made.text.contains("5 versions"), "\(made.text) \(made.errors)")
        }
        let key = machine.path("audit.pem")
        let verified = try await machine.kms("custody", "verify", report, "--audit-key", key)
        #expect(verified.status == 0 && verified.text.contains("0 findings"), "\(verified.errors)")

        let content = try Data(contentsOf: URL(filePath: report))
        for place in [0, content.count / 3, content.count / 2, content.count - 2] {
            var changed = content
            changed[place] ^= 1
            try changed.write(to: URL(filePath: report))
            let refused = try await machine.kms("custody", "verify", report, "--audit-key", key)
            #expect(refused.status == 11 && refused.errors.contains("signature"), "\(place): \(refused.errors)")
        }
        try content.write(to: URL(filePath: report))
        let serial = try await machine.kms("custody", "verify", report, "--audit-key", key, "--serial", "1234")
        #expect(serial.status == 11 && serial.errors.contains("not 1234"), "\(serial.errors)")

        // Another token's key, and a page with different content.
        let stranger = try await Machine()
        try machine.write(try await stranger.succeed("audit", "public-key").text, to: "other.pem")
        let foreign = try await machine.kms("custody", "verify", report, "--audit-key", machine.path("other.pem"))
        #expect(foreign.status == 11 && foreign.errors.contains("another token"), "\(foreign.errors)")
        let page = try String(contentsOfFile: report + ".html", encoding: .utf8)
        #expect(page.contains("kms-root-wrap-1") && page.contains("CKR_"))
        try machine.write(page.replacing("refused", with: "REFUSED"), to: "custody.json.html")
        let differs = try await machine.kms("custody", "verify", report, "--audit-key", key)
        #expect(differs.status == 11 && differs.errors.contains("does not say"), "\(differs.errors)")
    }

    @Test func `store verify finds what was changed, and what was set back`() async throws {
        let machine = try await Machine()
        try await withService(on: machine) { service in
            for name in ["a", "b"] {
                #expect(try await service.request("POST", "/keys", #"{"name":"\#(name)"}"#).status == 201)
            }
            #expect(try await service.request("POST", "/keys/b/rotate").status == 200)
            #expect(try await service.kms("store", "verify", as: "admin").status == 0)
            // The service looks at the whole store two seconds after its start, and would end if it found the older record then.
            try await Task.sleep(for: .seconds(5))
            try await machine.sql(
                "CREATE TABLE old AS SELECT * FROM document WHERE name = CAST('ndefault' || x'00' || 'a' AS BLOB)")
            #expect(try await service.request("POST", "/keys/a/disable", #"{"reason":"superseded"}"#).status == 200)
            // A genuine record, but an older one.
            try await machine.sql(
                """
                UPDATE document SET (revision, rotation_at, content, seal) =
                    (SELECT revision, rotation_at, content, seal FROM old)
                WHERE name = CAST('ndefault' || x'00' || 'a' AS BLOB)
                """)
            try await machine.sql(
                "UPDATE document SET revision = revision + 1 WHERE kind = 'version' AND substr(place, 17) = x'00000002'"
            )
            let verified = try await service.kms("store", "verify", as: "admin")
            #expect(verified.status == 4, "\(verified.errors)")
            #expect(verified.text.contains("was set back"), "\(verified.text)")
            #expect(verified.text.contains("is not what was sealed"), "\(verified.text)")
        }
    }

    /// Verifies that an idle process of the same store learns of new roots before the old ones are gone.
    @Test func `an idle process of the store goes on when another has rotated and retired`() async throws {
        let machine = try await Machine()
        let first = try await Service.start(on: machine)
        let idle = try await Service.start(on: machine, with: ["KMS_AUDIT_PATH": machine.path("audit-2")])
        #expect(try await first.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        let issued = try await first.issue("a")
        #expect(try await first.kms("root", "rotate", as: "admin").status == 0)
        try await Task.sleep(for: .seconds(1))
        let retired = try await first.kms(
            "root", "retire", "1", "--out", machine.path("epoch-1.json"), "--yes", as: "admin")
        #expect(retired.status == 0, "\(retired.errors)")
        #expect(try await idle.kms("health").status == 0)
        #expect(try await idle.opens(issued))
        _ = try await idle.issue("a")
        #expect(await idle.stop() == 0)
        #expect(await first.stop() == 0)
    }
}
