import Foundation
import ServiceTesting
import Testing

/// Files that are encrypted locally under data keys of a real service.
@Suite struct FileCommandTests {
    private static func content(_ length: Int) -> Data {
        let period = Data((0..<251).map { UInt8($0) })
        var content = Data()
        while content.count < length { content += period }
        return content.prefix(length)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test(arguments: [0, 1, 65_536, 1_000_001]) func `a file goes there and back`(_ length: Int) async throws {
        try await withService { service in
            let content = Self.content(length)
            let (plain, sealed, back) = (
                service.machine.path("plain"), service.machine.path("sealed"), service.machine.path("back")
            )
            try content.write(to: URL(filePath: plain))
            #expect(try await service.kms("key", "create", "a").status == 0)
            let made = try await service.kms("file", "encrypt", "a", "--in", plain, "--out", sealed)
            #expect(made.status == 0 && made.errors.isEmpty && made.output.isEmpty, "\(made.errors)")
            let opened = try await service.kms("file", "decrypt", "--in", sealed, "--out", back)
            #expect(opened.status == 0 && opened.errors.isEmpty, "\(opened.errors)")
            #expect(try Data(contentsOf: URL(filePath: back)) == content)
            #expect(try mode(back) == 0o600)

            let streamed = try await service.kms("file", "encrypt", "a", "--context", "use=test", input: content)
            #expect(
                try await service.kms("file", "decrypt", "a", "--in", "-", input: streamed.output).output == content)
        }
    }

    @Test func `a reader written from the format document reads it, with the data key from the service`() async throws {
        try await withService { service in
            let content = Self.content(300_000)
            let sealed = service.machine.path("sealed")
            #expect(try await service.kms("key", "create", "a").status == 0)
            let made = try await service.kms(
                "file", "encrypt", "a", "--context", "use=test", "--context", "to=me", "--out", sealed, input: content)
            #expect(made.status == 0, "\(made.errors)")
            // Without service and token.
            let shown = try await service.machine.kms(
                "file", "info", sealed, "--json", with: ["KMS_URL": "http://127.0.0.1:1"])
            let information = try JSONDecoder().decode(Information.self, from: shown.output)
            #expect(information.context == ["use": "test", "to": "me"])
            #expect(information.plaintextBytes == 300_000 && !information.verified && information.version == 1)
            let dataKey = try await service.kms(
                "decrypt", "--context", "use=test", "--context", "to=me",
                input: Data(information.dataKeyCiphertext.utf8))
            let reader = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Clients/file/read.py")
            let digits = dataKey.output.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let read = try await service.machine.run("python3", reader.path, sealed, digits)
            #expect(read.status == 0 && read.output == content, "\(read.errors)")
        }
    }

    private struct Information: Decodable {
        let keyId: String
        let version: UInt32
        let context: [String: String]
        let headerBytes: Int
        let plaintextBytes: UInt64?
        let dataKeyCiphertext: String
        let verified: Bool
    }

    private func information(_ file: String, _ machine: Machine) async throws -> Information {
        try JSONDecoder().decode(Information.self, from: try await machine.kms("file", "info", file, "--json").output)
    }

    @Test func `a folder goes through tar and pipes`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let folder = service.machine.path("folder")
            for name in ["x", "y/z"] {
                let file = URL(filePath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Self.content(3_000_000).write(to: file)
            }
            let script = """
                set -eo pipefail; cd "$1"; export KMS_URL="$2"
                tar c folder | "$3" file encrypt a --threads 3 | "$3" file decrypt | (mkdir new && cd new && tar x)
                diff -r folder new/folder
                """
            let outcome = try await service.machine.run(
                "bash", "-c", script, "bash", service.machine.folder, service.url, Command.product)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func `a file that was cut off or changed leaves nothing, and passes on what is verified only`() async throws {
        try await withService { service in
            let content = Self.content(1_000_000)
            let (sealed, bad, back) = (
                service.machine.path("sealed"), service.machine.path("bad"), service.machine.path("back")
            )
            #expect(try await service.kms("key", "create", "a").status == 0)
            #expect(try await service.kms("file", "encrypt", "a", "--out", sealed, input: content).status == 0)
            let whole = try Data(contentsOf: URL(filePath: sealed))
            var changed = whole
            changed[600_000] ^= 1
            let header = 159
            for (wrong, word) in [
                (whole.dropLast(1), "end"), (whole.prefix(header + 3 * 65_552), "end"), (changed, "chunk 9"),
                (whole + [0], "end"), (whole.prefix(header), "end"), (whole.prefix(100), "header"),
            ] {
                try wrong.write(to: URL(filePath: bad))
                let before = try FileManager.default.contentsOfDirectory(atPath: service.machine.folder).sorted()
                let refused = try await service.kms("file", "decrypt", "--in", bad, "--out", back)
                #expect(refused.status == 9 && refused.errors.contains(word), "\(refused.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: service.machine.folder).sorted() == before)
                let first = try await service.kms("file", "decrypt", "--verify-first", "--in", bad)
                #expect(first.status == 9 && first.output.isEmpty, "\(first.errors)")
                let streamed = try await service.kms("file", "decrypt", "--in", bad)
                #expect(streamed.status == 9 && content.starts(with: streamed.output))
                #expect(word == "chunk 9" || streamed.output.isEmpty)
                #expect(streamed.output.count <= 8 * 65_536)
            }
            let piped = try await service.machine.run(
                "bash", "-c", #"head -c 700000 "$1" | KMS_URL="$2" "$3" file decrypt"#, "bash", sealed, service.url,
                Command.product)
            #expect(piped.status == 9 && content.starts(with: piped.output), "\(piped.errors)")
            let verified = try await service.kms("file", "decrypt", "--verify-first", "--in", sealed)
            #expect(verified.status == 0 && verified.output == content)
        }
    }

    @Test func `files that exist stay, unless they are to be replaced`() async throws {
        try await withService { service in
            let (sealed, back) = (service.machine.path("sealed"), service.machine.path("back"))
            #expect(try await service.kms("key", "create", "a").status == 0)
            #expect(try await service.kms("file", "encrypt", "a", "--out", sealed, input: Data("one".utf8)).status == 0)
            let again = try await service.kms("file", "encrypt", "a", "--out", sealed, input: Data("two".utf8))
            #expect(again.status == 2 && again.errors.contains("--force"), "\(again.errors)")
            try service.machine.write("old", to: "back")
            #expect(try await service.kms("file", "decrypt", "--in", sealed, "--out", back).status == 2)
            #expect(try String(contentsOfFile: back, encoding: .utf8) == "old")
            #expect(try await service.kms("file", "decrypt", "--in", sealed, "--out", back, "--force").status == 0)
            #expect(try String(contentsOfFile: back, encoding: .utf8) == "one")
            let device = try await service.kms("file", "decrypt", "--in", sealed, "--out", "/dev/null", "--force")
            #expect(device.status == 2 && device.errors.contains("not a regular file"), "\(device.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: service.machine.folder)
            #expect(!names.contains { $0.contains("partial") })
        }
    }

    @Test func `the context that the file must have, and the key, are asked for`() async throws {
        try await withService { service in
            for key in ["a", "b"] { #expect(try await service.kms("key", "create", key).status == 0) }
            let sealed = service.machine.path("sealed")
            let made = try await service.kms(
                "file", "encrypt", "a", "--context", "use=test", "--out", sealed, input: Data("x".utf8))
            #expect(made.status == 0)
            let right = try await service.kms("file", "decrypt", "a", "--context", "use=test", "--in", sealed)
            #expect(right.status == 0 && right.text == "x", "\(right.errors)")
            // No service is contacted; none listens at that address.
            let wrong = try await service.machine.kms(
                "file", "decrypt", "--context", "use=other", "--in", sealed, with: ["KMS_URL": "http://127.0.0.1:1"])
            #expect(wrong.status == 9 && wrong.errors.contains("use=test"), "\(wrong.errors)")
            #expect(try await service.kms("file", "decrypt", "b", "--in", sealed).status == 9)
            #expect(try await service.kms("file", "encrypt", "none", input: Data()).status == 7)
            #expect(try await service.kms("file", "decrypt", input: Data("no such file".utf8)).status == 9)
        }
    }

    @Test func `the service refuses every other wrapped data key`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let sealed = try await service.kms("file", "encrypt", "a", input: Data("x".utf8)).output
            let other = try await service.kms("file", "encrypt", "a", input: Data("x".utf8)).output
            for index in stride(from: 78, to: 159, by: 5) {
                var changed = sealed
                changed[index] ^= 1
                let refused = try await service.kms("file", "decrypt", input: changed)
                #expect(
                    (refused.status == 9 || refused.status == 7) && refused.output.isEmpty,
                    "byte \(index): \(refused.errors)")
            }
            // A data key that the service made for another file.
            let mixed = sealed.prefix(78) + other[78..<159] + sealed.dropFirst(159)
            let refused = try await service.kms("file", "decrypt", input: mixed)
            #expect(refused.status == 9 && refused.errors.contains("header is not authentic"), "\(refused.errors)")
        }
    }

    @Test func `re-encryption replaces the wrapped data key only`() async throws {
        try await withService { service in
            let content = Self.content(200_000)
            let (sealed, new) = (service.machine.path("sealed"), service.machine.path("new"))
            for key in ["a", "b"] { #expect(try await service.kms("key", "create", key).status == 0) }
            let made = try await service.kms(
                "file", "encrypt", "a", "--context", "use=test", "--out", sealed, input: content)
            #expect(made.status == 0)
            #expect(try await service.kms("key", "rotate", "a").status == 0)
            let done = try await service.kms("file", "re-encrypt", "a", "--in", sealed, "--out", new)
            #expect(done.status == 0, "\(done.errors)")
            let (before, after) = (
                try Data(contentsOf: URL(filePath: sealed)), try Data(contentsOf: URL(filePath: new))
            )
            let information = try await information(new, service.machine)
            #expect(information.version == 2 && information.context == ["use": "test"])
            let header = information.headerBytes
            #expect(before.count == after.count)
            #expect(before.prefix(header - 81) == after.prefix(header - 81))
            #expect(before.dropFirst(header) == after.dropFirst(header))
            #expect(before != after)

            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: new)
            #expect(try await service.kms("file", "re-encrypt", "b", "--in-place", new).status == 0)
            #expect(try mode(new) == 0o640)
            #expect(try await service.kms("file", "decrypt", "a", "--in", new).status == 9)
            let back = try await service.kms("file", "decrypt", "b", "--context", "use=test", "--in", new)
            #expect(back.status == 0 && back.output == content)
            let names = try FileManager.default.contentsOfDirectory(atPath: service.machine.folder)
            #expect(!names.contains { $0.contains("partial") })
        }
    }

    @Test func `memory does not grow with the file`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            // The maximum memory in RAM of any of the processes, in kB.
            let script = """
                import os, resource, subprocess, sys
                url, kms = sys.argv[1:]
                line = f"head -c 600000000 /dev/zero | {kms} file encrypt a --threads 2 | {kms} file decrypt --threads 2 | cksum"
                done = subprocess.run(["bash", "-eo", "pipefail", "-c", line], env=os.environ | {"KMS_URL": url},
                                      check=True, capture_output=True, text=True)
                print(done.stdout.strip(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            let outcome = try await service.machine.run("python3", "-c", script, service.url, Command.product)
            let words = outcome.text.split(separator: " ")
            try #require(outcome.status == 0 && words.count == 3, "\(outcome.text) \(outcome.errors)")
            // The checksum that cksum prints for that many zeros.
            #expect(words[1] == "600000000" && words[0] == "2839957011")
            #expect(try #require(Int(words[2].dropLast())) < 150_000, "\(outcome.text)")
        }
    }

    @Test func `a data key is not re-encrypted under a key that is none of AES`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            #expect(
                try await service.kms("key", "create", "r", "--algorithm", "RSA-2048", "--usage", "encryptDecrypt")
                    .status == 0)
            let sealed = try await service.kms("file", "encrypt", "a", input: Data("x".utf8)).output
            let refused = try await service.kms("file", "re-encrypt", "r", input: sealed)
            #expect(
                refused.status == 9 && refused.output.isEmpty && refused.errors.contains("AES"), "\(refused.errors)")
        }
    }
}
