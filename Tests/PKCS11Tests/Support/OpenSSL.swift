import Foundation
import KMSTesting

/// The `openssl` program: an independent implementation for comparison.
enum OpenSSL {
    /// Runs it on files in a directory of its own, and returns its standard output.
    static func run(_ arguments: [String], files: [String: [UInt8]] = [:]) throws -> [UInt8] {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("openssl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, bytes) in files { try Data(bytes).write(to: directory.appendingPathComponent(name)) }
        // The files are named relative to the folder; messages other than the output are discarded.
        let output = directory.appendingPathComponent("standard-output").path
        let child = try ChildProcess(
            "/usr/bin/env", ["--chdir=\(directory.path)", "openssl"] + arguments,
            environment: ProcessInfo.processInfo.environment, output: output)
        let status = child.wait()
        let answer = try Data(contentsOf: URL(filePath: output))
        guard status == 0 else { throw Failure(arguments: arguments, answer: Array(answer)) }
        return Array(answer)
    }

    struct Failure: Error {
        let arguments: [String]
        let answer: [UInt8]
    }
}

/// The subset of DER needed to pass public keys and signatures to OpenSSL.
enum DER {
    static func sequence(_ content: [UInt8]...) -> [UInt8] { tagged(0x30, content.flatMap { $0 }) }

    /// Returns the encoding of a positive number, highest byte first.
    static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return tagged(0x02, (digits.first.map { $0 >= 0x80 } ?? true ? [0] : []) + digits)
    }

    static func bitString(_ bytes: [UInt8]) -> [UInt8] { tagged(0x03, [0] + bytes) }

    static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            switch content.count {
            case ..<0x80: [UInt8(content.count)]
            case ..<0x100: [0x81, UInt8(content.count)]
            default: [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
            }
        return [tag] + length + content
    }
}
