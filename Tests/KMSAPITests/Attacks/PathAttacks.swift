import HTTPTypes
import Testing

/// Names in paths that have a special meaning to some software.
enum PathAttacks {
    /// The tricks, each of which would lead to `orders`, or out of the API, if anything normalised it.
    private static let tricks: [(what: String, path: String)] = [
        ("dots that lead to another key", "/api/v1/keys/private/../orders"),
        ("encoded dots", "/api/v1/keys/%2e%2e/keys/orders"),
        ("an encoded slash", "/api/v1/keys/private%2f..%2forders"),
        ("an encoding of an encoding", "/api/v1/keys/%6frders%252f"),
        ("a zero byte behind the name", "/api/v1/keys/orders%00"),
        ("a blank behind the name", "/api/v1/keys/orders%20"),
        ("a line feed behind the name", "/api/v1/keys/orders%0a"),
        ("a semicolon behind the name", "/api/v1/keys/orders;x=1"),
        ("a full-width letter", "/api/v1/keys/%EF%BD%8Frders"),
        ("an overlong encoding", "/api/v1/keys/%c1%afrders"),
        ("a backslash", "/api/v1/keys/x%5c..%5corders"),
        ("another case", "/api/v1/keys/ORDERS"),
        ("another case of the path", "/API/V1/keys/orders"),
        ("the id in braces", "/api/v1/keys/%7B{orders}%7D"),
        ("the id with another version behind it", "/api/v1/keys/{orders}.1"),
    ]

    static let all: [Attack] = tricks.map { what, path in
        Attack("a path with \(what)") { field in
            let answer = try await field.client.send(.get, field.filled(path), as: .manager)
            #expect(answer.status == 400 || answer.status == 404, "\(answer.text)")
            #expect(!answer.text.contains("AES256"), "nothing of the key is told")
        }
    }
}
