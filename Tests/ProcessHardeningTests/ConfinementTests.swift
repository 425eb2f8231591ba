import Foundation
import KMSTesting
import Testing

/// What a confined process can do no more, tried by one: `ConfinementProbe`.
@Suite struct ConfinementTests {
    private struct Probe {
        let summary: String
        let results: [String: Int32]
    }

    private static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "ConfinementProbe").path

    private func run(keepingNetwork: Bool) throws -> Probe {
        let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-confined-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["in", "out"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try Data("kept".utf8).write(to: URL(filePath: "\(folder)/out/there"))
        let listener = Listener()
        let outcome = try ChildProcess.run(
            Self.program, ["\(folder)/in", "\(folder)/out", "\(listener.port)"] + (keepingNetwork ? ["network"] : []),
            environment: [:])
        listener.close()
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        try #require(outcome.status == 0, "\(lines)")
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/out/there")) == Data("kept".utf8))
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/new"))
        let pairs = lines.dropFirst().map { line in
            (String(line.prefix { $0 != " " }), Int32(line.split(separator: " ").last ?? "") ?? -1)
        }
        return Probe(summary: String(lines.first ?? ""), results: Dictionary(uniqueKeysWithValues: pairs))
    }

    @Test func `it writes where it may, and has neither network nor programs`() throws {
        let probe = try run(keepingNetwork: false)
        #expect(
            probe.results == [
                "write-inside": 0, "write-outside": EACCES, "remove-outside": EACCES, "truncate-outside": EACCES,
                "read-outside": 0, "socket-unix": 0, "connect": EACCES, "udp": EACCES, "netlink": EACCES,
                "signal-parent": EPERM, "execute": EPERM,
            ], "\(probe.summary)")
        #expect(probe.summary.contains("no-capabilities") && !probe.summary.contains("NOT"))
    }

    @Test func `the network is left to a module that needs it, and nothing else`() throws {
        let probe = try run(keepingNetwork: true)
        #expect(probe.results["connect"] == 0 && probe.results["udp"] == 0, "\(probe.results)")
        #expect(probe.results["write-outside"] == EACCES && probe.results["execute"] == EPERM)
    }

    /// Somebody to connect to.
    private struct Listener {
        let port: UInt16
        private let descriptor: Int32

        init() {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = bind(descriptor, address, size)
                    _ = listen(descriptor, 4)
                    _ = getsockname(descriptor, address, &size)
                }
            }
            port = UInt16(bigEndian: address.sin_port)
        }

        func close() { _ = Glibc.close(descriptor) }
    }
}
