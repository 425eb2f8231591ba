import Foundation
import ServiceTesting
import Testing

/// `kms key import --plaintext` with keys in every form that OpenSSL writes.
@Suite(.serialized) struct KeyImportTests {
    @Test func `a private key in every form is imported, and signs as OpenSSL verifies`() async throws {
        try await withService { service in
            let machine = service.machine
            try machine.write("a message", to: "message")
            let made = try await machine.run(
                "bash", "-ec",
                """
                cd \(machine.folder)
                for curve in P-256 P-384 P-521 secp256k1; do
                    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out $curve.p8
                    openssl pkey -in $curve.p8 -traditional -out $curve.sec1
                    openssl pkey -in $curve.p8 -pubout -out $curve.pub
                done
                openssl ecparam -name prime256v1 -genkey -out parameters.pem
                openssl pkey -in parameters.pem -pubout -out parameters.pub
                openssl pkcs8 -topk8 -nocrypt -in P-256.p8 -outform DER -out P-256.p8.der
                openssl ec -in P-256.p8 -outform DER -out P-256.sec1.der
                openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.p8
                openssl pkey -in rsa.p8 -pubout -out rsa.pub
                openssl pkey -in rsa.p8 -traditional -out rsa.pkcs1
                openssl pkey -in rsa.p8 -traditional -outform DER -out rsa.pkcs1.der
                openssl pkcs8 -topk8 -nocrypt -in rsa.p8 -outform DER -out rsa.p8.der
                """)
            #expect(made.status == 0, "\(made.errors)")
            for (file, publicKey, algorithm, found) in [
                ("P-256.p8", "P-256", "EC-P256", "EC private key, P-256, PEM (PKCS #8)"),
                ("P-256.sec1.der", "P-256", "EC-P256", "EC private key, P-256, DER (SEC1)"),
                ("parameters.pem", "parameters", "EC-P256", "EC private key, P-256, PEM (SEC1)"),
                ("P-384.sec1", "P-384", "EC-P384", "EC private key, P-384, PEM (SEC1)"),
                ("P-521.sec1", "P-521", "EC-P521", "EC private key, P-521, PEM (SEC1)"),
                ("secp256k1.sec1", "secp256k1", "EC-SECP256K1", "EC private key, secp256k1, PEM (SEC1)"),
                ("rsa.pkcs1", "rsa", "RSA-2048", "RSA private key, 2048 bits, PEM (PKCS #1)"),
                ("rsa.p8.der", "rsa", "RSA-2048", "RSA private key, 2048 bits, DER (PKCS #8)"),
            ] {
                let name = "k-\(file)"
                let created = try await service.kms("key", "create", name, "--imported", "--algorithm", algorithm)
                #expect(created.status == 0, "\(created.errors)")
                let imported = try await service.kms(
                    "key", "import", name, "--plaintext", machine.path(file), "--timeout", "120")
                #expect(imported.status == 0 && imported.errors.contains("found: \(found)\n"), "\(imported.errors)")
                let scheme = algorithm.hasPrefix("RSA") ? ["--algorithm", "RSASSA_PKCS1_V1_5_SHA_256"] : []
                let signature = machine.path("\(file).sig")
                let signed = try await Command.run(
                    Command.product,
                    ["sign", name, "--in", machine.path("message"), "--out", signature] + scheme, input: Data(),
                    environment: machine.environment.merging(["KMS_URL": service.url]) { $1 })
                #expect(signed.status == 0, "\(signed.errors)")
                let hash = ["EC-P384": "-sha384", "EC-P521": "-sha512"][algorithm] ?? "-sha256"
                let verified = try await machine.run(
                    "openssl", "dgst", hash, "-verify", machine.path("\(publicKey).pub"), "-signature", signature,
                    machine.path("message"))
                #expect(verified.status == 0, "\(file): \(verified.text)\(verified.errors)")
            }
        }
    }

    @Test func `a symmetric key is read as raw bytes, hexadecimal digits or base64, by its length`() async throws {
        try await withService { service in
            let machine = service.machine
            try machine.write("a message", to: "message")
            let secret = Data((0..<32).map { UInt8($0 &* 7 &+ 1) })
            let digits = secret.map { String(format: "%02x", $0) }
            let spaced = digits.joined(separator: " ").uppercased() + "\n"
            // 32 bytes that are all hexadecimal digits: the key itself, because they are as many as the key has.
            let ambiguous = Data("00112233445566778899aabbccddeeff".utf8)
            for (name, content, key, found) in [
                ("raw", secret, secret, "raw bytes"), ("spaced", Data(spaced.utf8), secret, "hexadecimal"),
                ("prefix", Data("0x\(digits.joined())\n".utf8), secret, "hexadecimal"),
                ("base64", Data((secret.base64EncodedString() + "\n").utf8), secret, "base64"),
                ("digits", ambiguous, ambiguous, "raw bytes"),
            ] {
                try content.write(to: URL(filePath: machine.path(name)))
                let created = try await service.kms("key", "create", name, "--imported", "--algorithm", "HMAC-SHA256")
                #expect(created.status == 0, "\(created.errors)")
                let imported = try await service.kms(
                    "key", "import", name, "--plaintext", machine.path(name), "--timeout", "120")
                #expect(
                    imported.status == 0 && imported.errors.contains("found: HMAC key, 256 bits, \(found)\n"),
                    "\(name): \(imported.errors)")
                let expected = try await machine.run(
                    "bash", "-c",
                    "openssl dgst -sha256 -mac HMAC -macopt hexkey:\(key.map { String(format: "%02x", $0) }.joined()) "
                        + "-binary \(machine.path("message")) | base64 -w0")
                let mac = try await service.kms("hmac", name, "--in", machine.path("message"))
                #expect(mac.text == expected.text + "\n", "\(name)")
            }
            #expect(try await service.kms("key", "create", "aes", "--imported").status == 0)
            let aes = try await service.kms(
                "key", "import", "aes", "--plaintext", machine.path("spaced"), "--timeout", "120")
            #expect(aes.status == 0 && aes.errors.contains("found: AES key, 256 bits, hexadecimal\n"), "\(aes.errors)")
        }
    }

    @Test func `a file with another key, or none, is refused before anything is created`() async throws {
        try await withService { service in
            let machine = service.machine
            let made = try await machine.run(
                "bash", "-ec",
                """
                cd \(machine.folder)
                openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256
                openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl pkey -pubout -out other.pub
                openssl pkey -in p256 -aes256 -passout pass:secret -out locked
                openssl pkey -in p256 -traditional -aes256 -passout pass:secret -out locked.sec1
                openssl pkcs8 -topk8 -in p256 -passout pass:secret -outform DER -out locked.der
                openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa
                openssl pkey -in p256 -pubout -out p256.pub
                head -c 33 /dev/zero > long
                head -c 20000 /dev/zero > huge
                """)
            #expect(made.status == 0, "\(made.errors)")
            #expect(try await service.kms("key", "create", "ec", "--imported", "--algorithm", "EC-P256").status == 0)
            #expect(try await service.kms("key", "create", "aes", "--imported").status == 0)
            for (key, file, words) in [
                ("ec", "locked", "openssl pkey -in \(machine.path("locked"))"),
                ("ec", "locked.sec1", "openssl pkey -in \(machine.path("locked.sec1"))"),
                ("ec", "locked.der", "openssl pkey -inform DER -in"),
                ("ec", "rsa", "RSA private key, 2048 bits; the key to import it into is EC-P256"),
                ("ec", "p256.pub", "PEM without a private key"), ("ec", "long", "neither PEM nor DER"),
                ("ec", "huge", "too long to be a key"), ("ec", "missing", "it does not exist"),
                ("aes", "p256", "no key for AES256-GCM96: that is 32 raw bytes, 64 hexadecimal digits, or 44"),
                ("aes", "long", "has 33 bytes"),
            ] {
                let refused = try await service.kms("key", "import", key, "--plaintext", machine.path(file))
                #expect(refused.status == 9 && refused.errors.contains(words), "\(file): \(refused.errors)")
            }
            let mixed = try await service.kms(
                "key", "import", "ec", "--plaintext", machine.path("p256"), "--public-key", machine.path("other.pub"))
            #expect(mixed.status == 9 && mixed.errors.contains("not the public half"), "\(mixed.errors)")
            // The command in the refusal makes a file that is accepted.
            let opened = try await machine.run(
                "openssl", "pkey", "-passin", "pass:secret", "-in", machine.path("locked"), "-out",
                machine.path("locked.plain"))
            #expect(opened.status == 0, "\(opened.errors)")
            let planned = try await service.kms(
                "key", "import", "ec", "--plaintext", machine.path("locked.plain"), "--dry-run", "--json", "--timeout",
                "120")
            #expect(planned.status == 0 && planned.text.contains("\"dryRun\""), "\(planned.errors)")
            // Nothing that was refused or tried has left an import job.
            let jobs = try await machine.run(
                "sqlite3", machine.path("kms.sqlite"), "SELECT count(*) FROM document WHERE kind = 'importJob'")
            #expect(jobs.text == "0\n", "\(jobs.text) \(jobs.errors)")
            let imported = try await service.kms(
                "key", "import", "ec", "--plaintext", machine.path("locked.plain"), "--timeout", "120")
            #expect(imported.status == 0, "\(imported.errors)")
        }
    }
}
