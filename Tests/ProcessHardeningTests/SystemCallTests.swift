import Foundation
import Glibc
import Testing

#if arch(x86_64)
    /// The confinement's verdict on every system call, without making any of them.
    @Suite struct SystemCallTests {
        /// The error that the probe's filter returns for a call that the confinement permits.
        private static let permitted: Int32 = 3333
        private static let x32 = 0x4000_0000

        private static func error(_ verdict: SystemCalls.Verdict, anySocket: Bool) -> Int32 {
            switch verdict {
            case .permitted: permitted
            case .refused: EPERM
            case .noSocket: EACCES
            case .absent: ENOSYS
            case .withSockets: anySocket ? permitted : EPERM
            }
        }

        @Test(arguments: [[], ["network"], ["local-sockets"]])
        func `every system call is answered as its group is`(_ wishes: [String]) throws {
            let probe = try wishes.first.map { try ConfinementTests.run("calls", $0) } ?? ConfinementTests.run("calls")
            #expect(probe.status == 0)
            var expected: [Int: Int32] = [:]
            for group in SystemCalls.groups {
                for call in group.calls {
                    #expect(expected[call.number] == nil, "\(call.name) is in two groups")
                    expected[call.number] = Self.error(group.verdict, anySocket: !wishes.isEmpty)
                }
            }
            let latest = try #require(expected.keys.max())
            // No filter sees the two tracing calls, uretprobe and uprobe, which do nothing for a process that makes them.
            for number in 0..<1024 where !(335...336).contains(number) {
                let answer = try #require(probe.results["\(number)"])
                // A call in no group does not exist in today's kernels: it is refused in either way.
                let wanted = expected[number] ?? (number > latest ? ENOSYS : EPERM)
                #expect(answer == wanted, "system call \(number)")
                #expect(probe.results["\(Self.x32 + number)"] == ENOSYS, "x32's system call \(number)")
            }
        }

        @Test func `the groups have every system call that the headers of this machine know`() throws {
            let paths = ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"]
            let path = try #require(paths.first { FileManager.default.fileExists(atPath: $0) })
            let known = Dictionary(
                uniqueKeysWithValues: SystemCalls.groups.flatMap(\.calls).map { ($0.number, $0.name) })
            var count = 0
            for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
                let parts = line.split(separator: " ")
                guard parts.count == 3, parts[1].hasPrefix("__NR_"), let number = Int(parts[2]) else { continue }
                #expect(known[number] == String(parts[1].dropFirst(5)), "\(parts[1]) is in no group")
                count += 1
            }
            #expect(count > 300)
        }

        /// The cases that are decided by their arguments and permitted.
        private static let harmless: Set<String> = [
            "clone-thread", "kill-self", "tgkill-self", "prlimit-self", "setpriority-thread", "prctl-name",
            "ioctl-tcgets",
            "ioctl-nonblocking", "ioctl-usb", "fcntl-lock", "fcntl-getfl-log", "fcntl-setfl", "ftruncate-file",
            "lseek-file",
            "mmap-file", "mmap-anonymous", "open-read", "open-truncate",
        ]

        /// The cases that a setting additionally permits.
        private static let more: [String: Set<String>] = [
            "network": ["socket-inet", "socket-inet6", "socket-route", "ioctl-interfaces"],
            "local-sockets": ["socket-unix", "socket-unix-datagram"],
        ]

        @Test(arguments: [[], ["network"], ["local-sockets"]])
        func `where arguments decide, what reaches beyond the process is refused`(_ wishes: [String]) throws {
            let probe = try wishes.first.map { try ConfinementTests.run("calls", $0) } ?? ConfinementTests.run("calls")
            let more = wishes.first.flatMap { Self.more[$0] } ?? []
            let cases = probe.results.filter { Int($0.key) == nil }
            #expect(cases.count > 60)
            for (name, answer) in cases {
                let refusal = name.hasPrefix("socket-") ? EACCES : EPERM
                let isPermitted = Self.harmless.contains(name) || more.contains(name)
                #expect(answer == (isPermitted ? Self.permitted : refusal), "\(name)")
            }
            for name in Self.harmless.union(more) { #expect(cases[name] != nil, "\(name)") }
        }

        @Test func `a call of the 32-bit ABI ends the process`() throws {
            let probe = try ConfinementTests.run("other-abi")
            // SIGSYS, or SIGSEGV if the kernel has no such ABI.
            #expect(probe.status != 0 && probe.results.isEmpty, "\(probe.results)")
        }
    }
#endif
