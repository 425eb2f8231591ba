import KeyManagement

/// The schemas of values that several resources have.
extension Schema {
    static let uuid = Schema.text(Patterns.uuid).example("0d9f3b52-6a3e-4c1f-9f0a-8a4b2f1c7d60")
    static let hex = Schema.text(Patterns.hex).example("5f2a9c")
    static let revision = Schema.count.described("A number that grows with every change.")
    static let names = Schema.list(of: .text)

    static let keyName = Schema.text(Patterns.name).example("payroll")
    static let keyReference = keyName.described("The name or the id of a key.")
    static let description = Schema.text(Patterns.plain, length: 0...KeyDescription.maxLength)
        .described("At most \(KeyDescription.maxLength) bytes of UTF-8, without control characters.")
    static let tags = Schema.pairs(
        of: .text(Patterns.plain, length: 0...256), names: .text(Patterns.plain, length: 1...128)
    ).with("maxProperties", .number(KeyTags.maxCount))
    static let dryRun = Schema.flag.described("Answer as the change would, with its effects, and change nothing.")
    static let version = Schema.number(1...Int(UInt32.max))
    static let algorithm = Schema.one(of: KeyAlgorithm.self)

    static let subjectName = Schema.text(Patterns.subject).example("alice@example.com")
    static let projectName = Schema.text(Patterns.name).example("default")
    static let serviceName = Schema.text(Patterns.service).example("mail")
    static let role = Schema.one(of: Role.self)
    static let roles = Schema.pairs(of: .role).described("The role in each project.")
    static let account = Schema.text(Patterns.account).example("111122223333")
    static let region = Schema.text(Patterns.region).example("eu-central-1")
    /// The id of a credential or of an approval.
    static let shortID = Schema.text(Patterns.credential).example("0123456789abcdef")
    static let accessKeyID = Schema.text(Patterns.accessKey).example("AKIAIOSFODNN7EXAMPLE")
    static let networks = Schema.list(
        of: .text(length: 2...64).described("`192.0.2.0/24`, `2001:db8::/32` or one address."),
        atMost: CredentialRecord.maxNetworks)
}
