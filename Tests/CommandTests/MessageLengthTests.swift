import Foundation
import ServiceTesting
import Testing

/// Messages of any length: signed by the service, which takes at most 64 KiB, and verified by OpenSSL.
@Suite struct MessageLengthTests {
    private static func content(_ length: Int) -> Data {
        let period = Data((0..<251).map { UInt8($0) })
        var content = Data()
        while content.count < length { content += period }
        return content.prefix(length)
    }

    @Test(arguments: [
        ("EC-P256", "", "sha256"), ("EC-P384", "", "sha384"), ("EC-P521", "ECDSA_SHA_512", "sha512"),
        ("RSA-2048", "", "sha256"), ("RSA-2048", "RSASSA_PSS_SHA_384", "sha384"),
        ("RSA-2048", "RSASSA_PKCS1_V1_5_SHA_512", "sha512"),
    ]) func `a message of any length is signed and verified, from a file and from standard input`(
        algorithm: String, scheme: String, hash: String
    ) async throws {
        try await withService { service in
            let machine = service.machine
            let (message, pem) = (machine.path("message"), machine.path("key.pem"))
            let more = scheme.isEmpty ? [] : ["--algorithm", scheme]
            let made = try await service.kms("key", "create", "k", "--algorithm", algorithm)
            #expect(made.status == 0, "\(made.errors)")
            #expect(try await service.kms("public-key", "k", "--out", pem).status == 0)
            func kms(_ arguments: [String], input: Data = Data()) async throws -> Outcome {
                try await Command.run(
                    Command.product, arguments + more, input: input,
                    environment: machine.environment.merging(["KMS_URL": service.url]) { $1 })
            }
            for length in [65_535, 65_536, 65_537, 1_000_003] {
                let content = Self.content(length)
                try content.write(to: URL(filePath: message))
                let (file, stream) = (machine.path("\(length).sig"), machine.path("\(length).b64"))
                let signed = try await kms(["sign", "k", "--in", message, "--out", file])
                #expect(signed.status == 0, "\(length): \(signed.errors)")
                let streamed = try await kms(["sign", "k"], input: content)
                #expect(streamed.status == 0, "\(length): \(streamed.errors)")
                try streamed.output.write(to: URL(filePath: stream))
                let isPSS = algorithm.hasPrefix("RSA") && !scheme.contains("PKCS1")
                let options =
                    isPSS ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] : []
                let openssl = try await Command.run(
                    "/usr/bin/env",
                    ["openssl", "dgst", "-\(hash)", "-verify", pem, "-signature", file] + options + [message],
                    input: Data(), environment: machine.environment)
                #expect(openssl.status == 0, "\(length): \(openssl.text)\(openssl.errors)")
                for signature in [file, stream] {
                    for who in [["k"], ["--public-key", pem]] {
                        let right = try await kms(["verify", "--signature", signature, "--in", message] + who)
                        #expect(right.status == 0 && right.text == "valid\n", "\(length) \(who): \(right.errors)")
                        let wrong = try await kms(
                            ["verify", "--signature", signature] + who, input: content.dropLast() + [1])
                        #expect(wrong.status != 0 && wrong.errors.contains("not valid"), "\(length) \(who)")
                    }
                }
            }
            // The digest of the last message, computed by OpenSSL.
            let digest = try await machine.run("openssl", "dgst", "-\(hash)", "-binary", message)
            let signed = try await kms(["sign", "k", "--digest"], input: digest.output)
            #expect(signed.status == 0, "\(signed.errors)")
            try signed.output.write(to: URL(filePath: machine.path("digest.sig")))
            let verified = try await kms(["verify", "k", "--signature", machine.path("digest.sig"), "--in", message])
            #expect(verified.text == "valid\n", "\(verified.errors)")
        }
    }

    @Test func `a long message takes no more memory than a short one`() async throws {
        try await withService { service in
            let made = try await service.kms("key", "create", "releases", "--algorithm", "EC-P256")
            #expect(made.status == 0, "\(made.errors)")
            // The maximum memory in RAM of any of the processes, in kB.
            let script = """
                import os, resource, subprocess, sys
                url, kms, folder = sys.argv[1:]
                os.environ["KMS_URL"] = url
                line = f"head -c 300000000 /dev/zero | {kms} sign releases --out {folder}/sig"
                subprocess.run(["bash", "-eo", "pipefail", "-c", line], check=True)
                line = f"head -c 300000000 /dev/zero | {kms} verify releases --signature {folder}/sig"
                done = subprocess.run(["bash", "-eo", "pipefail", "-c", line], check=True, capture_output=True, text=True)
                print(done.stdout.strip(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            let outcome = try await service.machine.run(
                "python3", "-c", script, service.url, Command.product, service.machine.folder)
            let words = outcome.text.split(separator: " ")
            try #require(outcome.status == 0 && words.count == 2, "\(outcome.text) \(outcome.errors)")
            #expect(words[0] == "valid")
            #expect(try #require(Int(words[1].dropLast())) < 150_000, "\(outcome.text)")
        }
    }

    @Test func `what cannot be hashed here is refused with the limit and another way`() async throws {
        try await withService { service in
            let machine = service.machine
            let long = Self.content(65_537)
            for (name, algorithm) in [
                ("mac", "HMAC-SHA256"), ("aes", "AES256-GCM96"), ("signer", "EC-P256"),
            ] {
                let made = try await service.kms("key", "create", name, "--algorithm", algorithm)
                #expect(made.status == 0, "\(made.errors)")
            }
            #expect(try await service.kms("hmac", "mac", input: long.dropLast()).status == 0)
            for outcome in [
                try await service.kms("hmac", "mac", input: long),
                try await service.kms("verify-hmac", "mac", "--hmac", "AAAA", input: long),
            ] {
                #expect(outcome.status == 9 && outcome.errors.contains("65536 bytes (64 KiB)"), "\(outcome.errors)")
                #expect(outcome.errors.contains("openssl dgst -sha512 -binary FILE | kms hmac KEY"))
            }
            // SoftHSM makes no Ed25519 keys that can be wrapped, so OpenSSL's stands in.
            let (pem, signature) = (machine.path("ed.pub"), machine.path("ed.sig"))
            try long.dropLast().write(to: URL(filePath: machine.path("short")))
            let made = try await machine.run(
                "bash", "-ec",
                """
                cd \(machine.folder)
                openssl genpkey -algorithm ED25519 -out ed.pem
                openssl pkey -in ed.pem -pubout -out ed.pub
                openssl pkeyutl -sign -rawin -inkey ed.pem -in short -out ed.sig
                """)
            #expect(made.status == 0, "\(made.errors)")
            let short = try await service.kms(
                "verify", "--public-key", pem, "--signature", signature, input: long.dropLast())
            #expect(short.text == "valid\n", "\(short.errors)")
            let ed = try await service.kms("verify", "--public-key", pem, "--signature", signature, input: long)
            #expect(ed.status == 9 && ed.errors.contains("65536 bytes (64 KiB)"), "\(ed.errors)")
            #expect(ed.errors.contains("openssl dgst -sha512 -binary FILE | kms sign KEY"), "\(ed.errors)")
            for (outcome, words) in [
                (try await service.kms("sign", "aes", input: long), "makes no signatures"),
                (try await service.kms("sign", "signer", "--algorithm", "ROT13", input: long), "ECDSA_SHA_256"),
                (try await service.kms("sign", "signer", "--digest", input: long), "longer than any digest"),
                (try await service.kms("sign", "signer", "--digest", input: Data([1, 2])), "the digest has 2 bytes"),
                (try await service.kms("sign", "signer", "--in", machine.path("nothing")), "No such file"),
                (try await service.kms("sign", "signer", "--in", machine.folder), "directory"),
            ] { #expect(outcome.status == 9 && outcome.errors.contains(words), "\(words): \(outcome.errors)") }
            let other = try await service.kms("sign", "signer", "--algorithm", "RSASSA_PSS_SHA_256", input: long)
            #expect(other.status == 9 && other.errors.contains("USAGE_FORBIDS"), "\(other.errors)")
        }
    }
}
