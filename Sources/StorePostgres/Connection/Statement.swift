/// One SQL statement with the values of its parameters, which are sent in PostgreSQL's binary format and never become part of the text.
struct Statement: Sendable {
    let sql: String
    let parameters: [Parameter]

    init(_ sql: String, _ parameters: Parameter...) {
        self.sql = sql
        self.parameters = parameters
    }

    init(_ sql: String, _ parameters: [Parameter]) {
        self.sql = sql
        self.parameters = parameters
    }
}

/// The value of a parameter.
enum Parameter: Hashable, Sendable {
    case null
    /// A `bigint`.
    case int64(Int64)
    /// A `bytea`.
    case bytes([UInt8])
    /// A `text`, in UTF-8.
    case text(String)

    static func integer(_ number: some FixedWidthInteger) -> Parameter { .int64(Int64(clamping: number)) }

    static func optional(_ bytes: [UInt8]?) -> Parameter { bytes.map { .bytes($0) } ?? .null }

    static func optional(_ number: Int64?) -> Parameter { number.map { .int64($0) } ?? .null }

    // The object identifiers of types in the catalogue `pg_type`, which no release changes.
    static let bytesType: UInt32 = 17
    static let integerType: UInt32 = 20
    static let textType: UInt32 = 25

    /// The object identifier of the type; 0 lets the server infer it.
    var typeIdentifier: UInt32 {
        switch self {
        case .null: 0
        case .bytes: Self.bytesType
        case .int64: Self.integerType
        case .text: Self.textType
        }
    }

    /// The value in the binary format of its type; `nil` for NULL.
    var encoded: [UInt8]? {
        switch self {
        case .null: nil
        case .int64(let number): withUnsafeBytes(of: number.bigEndian) { Array($0) }
        case .bytes(let bytes): bytes
        case .text(let text): Array(text.utf8)
        }
    }
}
