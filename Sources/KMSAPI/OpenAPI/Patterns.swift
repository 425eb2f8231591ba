/// The patterns of texts, as regular expressions of ECMA-262, which JSON Schema uses.
enum Patterns {
    static let name = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
    static let alias = "^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,127}|[A-Za-z0-9_/-]{1,250})$"
    static let grant = "^[0-9a-f]{64}$"
    static let service = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    static let subject = "^[A-Za-z0-9][A-Za-z0-9._@:+=-]{0,127}$"
    static let accessKey = "^AKIA[A-Z2-7]{16}$"
    static let account = "^[0-9]{12}$"
    static let region = "^[a-z0-9-]{1,32}$"
    static let credential = "^[0-9a-f]{16}$"
    static let uuid = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
    static let cursor = "^[A-Za-z0-9_-]+$"
    static let requestID = "^[A-Za-z0-9_-]{1,64}$"
    /// Text without characters that control a terminal or hide others (the categories Cc, Cf, Zl and Zp). They are listed, because not
    /// every library supports `\p{Cf}`. Characters beyond U+FFFF, which `\u` cannot express, are checked by the service.
    static let plain =
        #"^[^\u0000-\u001F\u007F-\u009F\u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u180E"#
        + #"\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]*$"#
    static let hex = "^(?:[0-9a-f]{2})+$"
    static let base64 =
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
}
