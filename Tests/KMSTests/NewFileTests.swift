import Foundation
import Testing

@testable import kms

/// A file that is created as a whole, with and without a temporary name.
@Suite struct NewFileTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-new-file-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    }

    private func write(_ text: String, to file: NewFile) {
        #expect(Glibc.write(file.descriptor, text, text.utf8.count) == text.utf8.count)
    }

    @Test(arguments: [true, false]) func `a file appears when it is published, and else never`(_ canBeNameless: Bool)
        throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a"
        do {
            let file = try NewFile(path, mode: 0o600, isReplacing: false, canBeNameless: canBeNameless)
            write("one", to: file)
            #expect(try names.count == (canBeNameless ? 0 : 1))
            #expect(try !names.contains("a"))
        }
        #expect(try names.isEmpty)
        do {
            let file = try NewFile(path, mode: 0o600, isReplacing: false, canBeNameless: canBeNameless)
            write("one", to: file)
            try file.publish()
        }
        #expect(try names == ["a"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "one")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: Failure.self) {
            try NewFile(path, mode: 0o600, isReplacing: false, canBeNameless: canBeNameless)
        }
    }

    @Test(arguments: [true, false]) func `a file that has appeared meanwhile stays`(_ canBeNameless: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a"
        do {
            let file = try NewFile(path, mode: 0o600, isReplacing: false, canBeNameless: canBeNameless)
            write("one", to: file)
            try Data("other".utf8).write(to: URL(filePath: path))
            #expect(throws: Failure.self) { try file.publish() }
        }
        #expect(try names == ["a"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "other")
    }

    @Test(arguments: [true, false]) func `a file is replaced whole`(_ canBeNameless: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a"
        try Data("other".utf8).write(to: URL(filePath: path))
        do {
            let file = try NewFile(path, mode: 0o600, isReplacing: true, canBeNameless: canBeNameless)
            write("one", to: file)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "other")
            try file.publish()
        }
        #expect(try names == ["a"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "one")
    }

    @Test func `a link or a device is not replaced`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
        #expect(throws: Failure.self) { try NewFile(path, mode: 0o600, isReplacing: true) }
        #expect(throws: Failure.self) { try NewFile("/dev/null", mode: 0o600, isReplacing: true) }
    }
}
