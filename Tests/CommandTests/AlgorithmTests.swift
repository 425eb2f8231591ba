import Foundation
import ServiceTesting
import Testing

/// Signatures, MACs and RSA ciphertexts of the real service against OpenSSL and Python's `cryptography`, in both directions.
///
/// The tests run one after the other, because RSA pairs keep both processors busy while the load of LoadTests runs.
@Suite(.serialized) struct AlgorithmTests {
    /// Returns the output of Debian's Python, whose `cryptography` scripts/install provides; the error text if it fails.
    private func python(_ program: String, on machine: Machine) async throws -> String {
        try machine.write(program, to: "program.py")
        let outcome = try await machine.run("/usr/bin/python3", machine.path("program.py"))
        guard outcome.status == 0 else { throw CommandFailure("python3: \(outcome.errors)") }
        return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `what is signed here verifies in OpenSSL and Python`() async throws {
        try await withService { service in
            let machine = service.machine
            try machine.write("a message to be signed", to: "message")
            let message = machine.path("message")
            for (algorithm, scheme, hash) in [
                ("EC-P256", "ECDSA_SHA_256", "sha256"), ("EC-P384", "ECDSA_SHA_384", "sha384"),
                ("EC-P521", "ECDSA_SHA_512", "sha512"), ("EC-SECP256K1", "ECDSA_SHA_256", "sha256"),
                ("RSA-2048", "RSASSA_PSS_SHA_256", "sha256"), ("RSA-2048", "RSASSA_PSS_SHA_384", "sha384"),
                ("RSA-2048", "RSASSA_PSS_SHA_512", "sha512"), ("RSA-2048", "RSASSA_PKCS1_V1_5_SHA_256", "sha256"),
                ("RSA-3072", "RSASSA_PKCS1_V1_5_SHA_384", "sha384"),
                ("RSA-3072", "RSASSA_PKCS1_V1_5_SHA_512", "sha512"),
            ] {
                let name = "k-\(algorithm)"
                _ = try await service.kms("key", "create", name, "--algorithm", algorithm)
                let (pem, signature) = (
                    machine.path("\(scheme)-\(algorithm).pem"), machine.path("\(scheme)-\(algorithm).sig")
                )
                #expect(try await service.kms("public-key", "show", name, "--out", pem).status == 0)
                let signed = try await service.kms(
                    "sign", name, "--algorithm", scheme, "--in", message, "--out", signature)
                #expect(signed.status == 0, "\(signed.errors)")
                let options =
                    scheme.contains("PSS")
                    ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] : []
                let openssl = try await Command.run(
                    "/usr/bin/env",
                    ["openssl", "dgst", "-\(hash)", "-verify", pem, "-signature", signature] + options + [message],
                    input: Data(), environment: machine.environment)
                #expect(openssl.status == 0, "\(scheme): \(openssl.text)\(openssl.errors)")
                let said = try await python(
                    """
                    from cryptography.hazmat.primitives import hashes, serialization
                    from cryptography.hazmat.primitives.asymmetric import ec, padding
                    key = serialization.load_pem_public_key(open("\(pem)", "rb").read())
                    signature = open("\(signature)", "rb").read()
                    message = open("\(message)", "rb").read()
                    hash = hashes.\(hash.uppercased())()
                    if "\(scheme)".startswith("ECDSA"):
                        key.verify(signature, message, ec.ECDSA(hash))
                    elif "PSS" in "\(scheme)":
                        key.verify(signature, message, padding.PSS(padding.MGF1(hash), hash.digest_size), hash)
                    else:
                        key.verify(signature, message, padding.PKCS1v15(), hash)
                    print("valid")
                    """, on: machine)
                #expect(said == "valid")
                // Verified here, with the service and without it.
                let here = try await service.kms(
                    "verify", name, "--algorithm", scheme, "--signature", signature, "--in", message)
                let offline = try await service.kms(
                    "verify", "--public-key", pem, "--algorithm", scheme, "--signature", signature, "--in", message)
                #expect(here.text == "valid\n" && offline.text == "valid\n")
                let wrong = try await service.kms(
                    "verify", name, "--algorithm", scheme, "--signature", signature, input: Data("another".utf8))
                #expect(wrong.status == 11)
            }
        }
    }

    @Test func `OpenSSL makes the secret that is made here`() async throws {
        try await withService { service in
            let machine = service.machine
            for (algorithm, curve) in [("EC-P256", "P-256"), ("EC-P384", "P-384"), ("EC-P521", "P-521")] {
                let name = "agree-\(curve)"
                let made = try await service.kms(
                    "key", "create", name, "--algorithm", algorithm, "--usage", "keyAgreement")
                #expect(made.status == 0, "\(made.errors)")
                let (ours, theirs, secret) = (
                    machine.path("\(name).pem"), machine.path("\(name).key"), machine.path("\(name).secret")
                )
                #expect(try await service.kms("public-key", "show", name, "--out", ours).status == 0)
                for arguments in [
                    ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(curve)", "-out", theirs],
                    ["pkey", "-in", theirs, "-pubout", "-out", theirs + ".pub"],
                    ["pkeyutl", "-derive", "-inkey", theirs, "-peerkey", ours, "-out", secret],
                ] {
                    let outcome = try await Command.run(
                        "/usr/bin/env", ["openssl"] + arguments, input: Data(), environment: machine.environment)
                    #expect(outcome.status == 0, "\(outcome.errors)")
                }
                let here = try await service.kms(
                    "derive-shared-secret", name, "--public-key", theirs + ".pub", "--out", secret + ".here")
                #expect(here.status == 0, "\(here.errors)")
                let expected = try #require(FileManager.default.contents(atPath: secret))
                #expect(FileManager.default.contents(atPath: secret + ".here") == expected)
            }
        }
    }

    @Test func `material that OpenSSL made signs, decrypts and authenticates here as it does there`() async throws {
        try await withService { service in
            let machine = service.machine
            try machine.write("a message", to: "message")
            let made = try await machine.run(
                "bash", "-ec",
                """
                cd \(machine.folder)
                openssl ecparam -name secp384r1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -outform DER > ec.p8
                openssl pkey -inform DER -in ec.p8 -pubout > ec.pub
                openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 | openssl pkcs8 -topk8 -nocrypt -outform DER > rsa.p8
                openssl pkey -inform DER -in rsa.p8 -pubout > rsa.pub
                openssl rand 48 > mac.key
                openssl dgst -sha384 -sign ec.p8 -keyform DER message > there.sig
                openssl dgst -sha384 -mac HMAC -macopt hexkey:$(xxd -p -c 100 mac.key 2>/dev/null || od -An -tx1 mac.key | tr -d ' \\n') -binary message | base64 -w0 > there.mac
                openssl pkeyutl -encrypt -pubin -inkey rsa.pub -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -in message | base64 -w0 > there.rsa
                openssl pkeyutl -encrypt -pubin -inkey rsa.pub -pkeyopt rsa_padding_mode:oaep -in message | base64 -w0 > there.rsa1
                """)
            #expect(made.status == 0, "\(made.errors)")
            let message = machine.path("message")
            for arguments in [
                ["ec", "--algorithm", "EC-P384"], ["rsa", "--algorithm", "RSA-2048", "--usage", "encryptDecrypt"],
                ["mac", "--algorithm", "HMAC-SHA384"],
            ] {
                let created = try await Command.run(
                    Command.product, ["key", "create", "--imported"] + arguments, input: Data(),
                    environment: machine.environment.merging(["KMS_URL": service.url]) { $1 })
                #expect(created.status == 0 && created.text.contains("without material"), "\(created.errors)")
            }
            for outcome in [
                try await service.kms(
                    "key", "import", "ec", "--plaintext", machine.path("ec.p8"), "--public-key", machine.path("ec.pub")),
                try await service.kms("key", "import", "rsa", "--plaintext", machine.path("rsa.p8")),
                try await service.kms("key", "import", "mac", "--plaintext", machine.path("mac.key")),
            ] { #expect(outcome.status == 0 && outcome.text.hasPrefix("Imported version 1 of "), "\(outcome.errors)") }

            #expect(
                try await service.kms("verify", "ec", "--signature", machine.path("there.sig"), "--in", message).status
                    == 0)
            _ = try await service.kms("sign", "ec", "--in", message, "--out", machine.path("here.sig"))
            let there = try await machine.run(
                "openssl", "dgst", "-sha384", "-verify", machine.path("ec.pub"), "-signature", machine.path("here.sig"),
                message)
            #expect(there.status == 0)

            let mac = try String(contentsOfFile: machine.path("there.mac"), encoding: .utf8)
            #expect(try await service.kms("hmac", "mac", "--in", message).text == mac + "\n")
            #expect(try await service.kms("verify-hmac", "mac", "--hmac", mac, "--in", message).status == 0)

            for (file, padding) in [("there.rsa", "RSAES_OAEP_SHA_256"), ("there.rsa1", "RSAES_OAEP_SHA_1")] {
                let decrypted = try await service.kms(
                    "decrypt", "rsa", "--padding", padding, "--in", machine.path(file))
                #expect(decrypted.text == "a message", "\(decrypted.errors)")
                let encrypted = try await service.kms(
                    "encrypt", "--public-key", machine.path("rsa.pub"), "--padding", padding, "--in", message)
                try machine.write(encrypted.text, to: "here.\(file)")
                let opened = try await python(
                    """
                    import base64
                    from cryptography.hazmat.primitives import hashes, serialization
                    from cryptography.hazmat.primitives.asymmetric import padding
                    key = serialization.load_der_private_key(open("\(machine.path("rsa.p8"))", "rb").read(), None)
                    hash = hashes.\(padding.hasSuffix("256") ? "SHA256" : "SHA1")()
                    data = base64.b64decode(open("\(machine.path("here.\(file)"))").read())
                    print(key.decrypt(data, padding.OAEP(padding.MGF1(hash), hash, None)).decode())
                    """, on: machine)
                #expect(opened == "a message")
                let own = try await service.kms("encrypt", "rsa", "--padding", padding, "--in", message)
                #expect(try await service.kms("decrypt", input: own.output).text == "a message")
                let wrong = try await service.kms(
                    "decrypt", "rsa", "--padding", padding, input: Data(mac.utf8))
                #expect(wrong.status == 9 && wrong.errors.contains("DECRYPTION_FAILED"))
            }
        }
    }

    @Test func `the same material is known again, also after it was destroyed, and only the same comes back`()
        async throws
    {
        let machine = try await Machine()
        let service = try await Service.start(on: machine, with: ["KMS_KEYS_LEAST_DESTRUCTION_DAYS": "0"])
        try Data((0..<32).map { UInt8($0) }).write(to: URL(filePath: machine.path("first")))
        try Data((1...32).map { UInt8($0) }).write(to: URL(filePath: machine.path("second")))
        _ = try await service.kms("key", "create", "partner", "--imported")
        func bring(_ file: String, _ more: String...) async throws -> Outcome {
            try await Command.run(
                Command.product, ["key", "import", "partner", "--plaintext", machine.path(file)] + more, input: Data(),
                environment: machine.environment.merging(["KMS_URL": service.url]) { $1 })
        }
        #expect(try await bring("first").status == 0)
        let ciphertext = try await service.kms("encrypt", "partner", input: Data("secret".utf8))
        let twice = try await bring("first")
        #expect(twice.status == 8 && twice.errors.contains("the material of version 1"))
        #expect(try await bring("second").status == 0)
        #expect(try await service.kms("key", "rotate", "partner").status == 8, "its owner brings the next version")
        #expect(
            try await service.kms("version", "schedule-destruction", "partner", "1", "--days", "0", "--yes").status == 0
        )
        #expect(try await service.kms("version", "destroy", "partner", "1", "--yes").status == 0)
        #expect(try await service.kms("decrypt", input: ciphertext.output).status == 8)
        let hint = try await bring("first")
        #expect(hint.errors.contains("destroyed; name the version to bring its material back"), "\(hint.errors)")
        let other = try await bring("second", "--version", "1")
        #expect(other.status == 9 && other.errors.contains("MATERIAL_DIFFERS"), "\(other.errors)")
        #expect(try await bring("first", "--version", "1").status == 0)
        #expect(try await service.kms("decrypt", input: ciphertext.output).text == "secret")
        // A key whose material is generated in the token accepts no import.
        _ = try await service.kms("key", "create", "own")
        let refused = try await Command.run(
            Command.product, ["key", "import", "own", "--plaintext", machine.path("first")], input: Data(),
            environment: machine.environment.merging(["KMS_URL": service.url]) { $1 })
        #expect(refused.status == 8)
        await service.stop()
    }

    @Test func `a data-key pair is usable at once, and again after decryption`() async throws {
        try await withService { service in
            let machine = service.machine
            _ = try await service.kms("key", "create", "a")
            for algorithm in ["RSA-2048", "EC-P256", "EC-P521"] {
                let (key, kept) = (machine.path("\(algorithm).der"), machine.path("\(algorithm).kms"))
                let issued = try await service.kms(
                    "data-key-pair", "create", "a", "--algorithm", algorithm, "--private-out", key, "--ciphertext-out",
                    kept,
                    "--public-out", machine.path("\(algorithm).pub"), "--context", "use=test")
                #expect(issued.status == 0, "\(issued.errors)")
                let checked = try await machine.run("openssl", "pkey", "-inform", "DER", "-in", key, "-check", "-noout")
                #expect(checked.status == 0, "\(checked.text)\(checked.errors)")
                let publicHalf = try await machine.run(
                    "openssl", "pkey", "-inform", "DER", "-in", key, "-pubout", "-outform", "DER")
                #expect(publicHalf.output == (try Data(contentsOf: URL(filePath: machine.path("\(algorithm).pub")))))
                let back = try await service.kms("decrypt", "--in", kept, "--context", "use=test")
                #expect(back.output == (try Data(contentsOf: URL(filePath: key))))
            }
        }
    }

    @Test func `re-encrypt, random, batch, aliases and states by command`() async throws {
        try await withService { service in
            for name in ["old", "new"] { _ = try await service.kms("key", "create", name) }
            let old = try await service.kms("encrypt", "old", "--context", "a=b", input: Data("moved".utf8))
            let moved = try await service.kms(
                "re-encrypt", "new", "--source-context", "a=b", "--context", "c=d", input: old.output)
            #expect(moved.status == 0, "\(moved.errors)")
            #expect(
                try await service.kms("decrypt", "new", "--context", "c=d", input: moved.output).text
                    == "moved")
            #expect(try await service.kms("random", "24").text.count == 33)
            let batch = try await service.kms(
                "batch", "data-key", "new", input: Data(#"{"items": [{}, {"bytes": 5}]}"#.utf8))
            #expect(batch.status == 0 && batch.text.contains(#""failures" : 0"#), "\(batch.errors)")
            #expect(try await service.kms("batch", "sign", input: Data("{}".utf8)).status == 9)
            #expect(try await service.kms("alias", "set", "current", "new").status == 0)
            #expect(try await service.kms("key", "show", "current").text.contains("name             new"))
            #expect(try await service.kms("alias", "list").text.contains("current"))
            #expect(try await service.kms("alias", "delete", "current").status == 0)
            #expect(try await service.kms("key", "show", "current").status == 7)
            #expect(
                try await service.kms("key", "update", "new", "--tag", "team=a", "--rotation-days", "30").text
                    == "Updated new: tags team=a; rotated every 30 days\n")
            #expect(try await service.kms("key", "list", "--tag", "team=a").text.contains("new"))
            #expect(!(try await service.kms("key", "list", "--tag", "team=b").text.contains("new")))
            #expect(
                try await service.kms("version", "deactivate", "new", "1", "--dry-run").text.hasPrefix(
                    "Dry run, nothing was changed: "))
            #expect(
                try await service.kms("version", "deactivate", "new", "1", "--reason", "superseded", "--yes").text
                    .hasPrefix("Deactivated version 1 of new"))
            #expect(try await service.kms("version", "show", "new", "1").text.contains("deactivated (superseded)"))
            #expect(try await service.kms("version", "usage", "new", "1").text.contains("last used"))
            let usage = try await service.kms("key", "usage", "new").text
            #expect(usage.contains("SUBJECT") && usage.contains("LAST USED"), "\(usage)")
            #expect(try await service.kms("data-key", "create", "new").status == 8)
            #expect(try await service.kms("version", "activate", "new", "1").status == 0)
            #expect(try await service.kms("key", "disable", "new").status == 0)
            #expect(try await service.kms("key", "enable", "new").status == 0)
            #expect(try await service.kms("key", "delete", "new", "--yes").status == 8)
            let first = try await service.kms("key", "create", "once", "--idempotency-key", "x", "--json")
            let again = try await service.kms("key", "create", "once", "--idempotency-key", "x", "--json")
            #expect(first.status == 0 && first.text == again.text)
        }
    }
}
