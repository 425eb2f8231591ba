import Glibc

/// Certificates for tests, made by OpenSSL in a folder that is removed with this value.
///
/// Every call blocks the calling thread.
package final class CertificateFolder: Sendable {
    package let path: String

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init() throws {
        var template = Array("/tmp/hsm-kms-certificates-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no folder: \(errno)") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        _ = try? ChildProcess.run("/usr/bin/env", ["rm", "-rf", path], environment: Self.environment)
    }

    /// Returns the path of a file in the folder.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Creates `name.pem` and `name.key`, the certificate of an authority or any other self-signed certificate.
    package func makeAuthority(_ name: String, subject: String? = nil) throws {
        try openssl(
            ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=\(subject ?? name)"] + Self.newKey
                + ["-keyout", file("\(name).key"), "-out", file("\(name).pem")])
    }

    /// Creates `name.pem` and `name.key`, a certificate issued by the authority.
    ///
    /// - Parameters:
    ///   - name: the name of both files, without extension.
    ///   - subject: the subject, in the notation of OpenSSL.
    ///   - names: the value of the extension subjectAltName, in the notation of OpenSSL: `DNS:localhost`, `email:a@b`, `URI:urn:a`.
    ///   - days: the validity in days; negative for an expired certificate.
    ///   - authority: the name of the authority that issues it.
    package func makeCertificate(
        _ name: String, subject: String, names: String? = nil, days: Int = 2, authority: String = "ca"
    ) throws {
        let extensions = names.map { ["-addext", "subjectAltName=\($0)"] } ?? []
        try openssl(
            ["req", "-new", "-nodes", "-subj", subject] + extensions + Self.newKey
                + ["-keyout", file("\(name).key"), "-out", file("\(name).csr")])
        try openssl([
            "x509", "-req", "-in", file("\(name).csr"), "-CA", file("\(authority).pem"), "-CAkey",
            file("\(authority).key"), "-CAcreateserial", "-copy_extensions", "copy", "-days", "\(days)", "-out",
            file("\(name).pem"),
        ])
    }

    /// Replaces a file by another, in one step.
    package func replace(_ name: String, with other: String) throws {
        guard rename(file(other), file(name)) == 0 else { throw Failure(description: "\(name): \(errno)") }
    }

    package func write(_ text: String, to name: String) throws {
        guard let stream = fopen(file(name), "w") else { throw Failure(description: "\(name): \(errno)") }
        fputs(text, stream)
        fclose(stream)
    }

    private func openssl(_ arguments: [String]) throws {
        let outcome = try ChildProcess.run(
            "/usr/bin/env", ["openssl"] + arguments, environment: Self.environment)
        guard outcome.status == 0 else {
            throw Failure(description: "openssl \(arguments): \(String(decoding: outcome.output, as: UTF8.self))")
        }
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    private static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
}
