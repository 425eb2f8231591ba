import CLibPQ
import Glibc

/// The parameters of connections: those of the URL, and the defaults of this service.
///
/// Beyond loopback and Unix sockets, `sslmode` is `verify-full` unless the URL says otherwise: the server's certificate must be valid for
/// its name.
package struct ConnectionParameters: Sendable {
    /// The parameters by their keywords (PostgreSQL 15 manual, 34.1.2), sorted.
    let all: [(keyword: String, value: String)]
    /// True if every server is on this machine.
    let isLocal: Bool

    /// Reads a URL such as `postgresql://kms@db1,db2/kms?sslmode=verify-full`.
    ///
    /// - Throws: ``PostgresOpenError/badURL(_:)`` if it is not one, or has a password.
    package init(url: String) throws(PostgresOpenError) {
        guard Self.schemes.contains(where: { url.hasPrefix($0) }) else {
            throw .badURL("it does not begin with postgresql://")
        }
        guard !url.utf8.contains(0) else { throw .badURL("it contains a zero byte") }
        var values = try Self.parse(url)
        // Configuration files are read by more people than secrets, and shown by 'kms config check'.
        guard values["password"] == nil, values["sslpassword"] == nil else {
            throw .badURL("it contains a password; put it into a file of libpq's format and name that with passfile=")
        }
        isLocal = Self.isLocal(values)
        for (keyword, value) in Self.defaults where values[keyword] == nil { values[keyword] = value }
        if values["sslmode"] == nil, getenv("PGSSLMODE") == nil {
            values["sslmode"] = isLocal ? "prefer" : "verify-full"
        }
        all = values.sorted { $0.key < $1.key }.map { (keyword: $0.key, value: $0.value) }
    }

    package static let schemes = ["postgresql://", "postgres://"]

    /// Returns a parameter by its keyword; `nil` if it has none, so that libpq decides.
    package func value(_ keyword: String) -> String? { all.first { $0.keyword == keyword }?.value }

    /// The place of the database for messages: servers, port and database, without user and secrets.
    package var place: String {
        let host = value("host") ?? value("hostaddr") ?? "the local socket"
        let port = (value("port") ?? "").filter { $0 != "," }.isEmpty ? nil : value("port")
        return "\(value("dbname") ?? "the default database") at \(host)" + (port.map { ", port \($0)" } ?? "")
    }

    private static let defaults = [
        // Of several servers, the primary.
        "target_session_attrs": "read-write",
        // For each server, in seconds; libpq's minimum.
        "connect_timeout": "2",
        // A server that vanished is noticed after this many milliseconds.
        "tcp_user_timeout": "5000",
        "client_encoding": "UTF8",
        "application_name": "kms",
        "gssencmode": "disable",
    ]

    private static func parse(_ url: String) throws(PostgresOpenError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            defer { PQfreemem(message) }
            // libpq quotes the part that it cannot read.
            guard !mayHavePassword(url) else {
                throw .badURL("it cannot be read; it is not shown, because it may contain a password")
            }
            let reason = message.map { String(cString: $0) } ?? "out of memory"
            throw .badURL(reason.split(whereSeparator: \.isNewline).joined(separator: "; "))
        }
        // Owned by this function.
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }

    /// Returns true if a URL that cannot be read looks as if it had a password.
    private static func mayHavePassword(_ url: String) -> Bool {
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        return url.contains("password") || (authority.contains(":") && rest.contains("@"))
    }

    /// Returns true if every server is on this machine. libpq reads missing parameters from environment variables and service files.
    private static func isLocal(_ values: [String: String]) -> Bool {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        guard values["service"] == nil, variable("PGSERVICE") == nil else { return false }
        // An address counts for the connection, a name for the certificate: both have to be of this machine.
        let addresses = values["hostaddr"] ?? variable("PGHOSTADDR") ?? ""
        let names = values["host"] ?? variable("PGHOST") ?? ""
        let hosts: [Substring] = addresses.split(separator: ",") + names.split(separator: ",")
        return hosts.allSatisfy { $0.hasPrefix("/") || $0 == "localhost" || $0 == "::1" || isLoopback(String($0)) }
    }

    /// Returns true for an address of the network 127.0.0.0/8.
    private static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 && UInt32(bigEndian: address.s_addr) >> 24 == 127
    }
}
