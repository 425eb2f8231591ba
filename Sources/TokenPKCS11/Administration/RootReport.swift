internal import KeyManagement
internal import PKCS11

/// The attributes of a token's root keys, as the token reports them.
package struct RootReport: Sendable, Equatable {
    package struct Key: Sendable, Equatable {
        package let label: String
        package let epoch: UInt32
        package let purpose: RootPurpose
        package let attributes: [Attribute]

        package var keepsTheRule: Bool { attributes.allSatisfy(\.isAsRequired) }
    }

    package struct Attribute: Sendable, Equatable {
        /// The attribute's name in PKCS#11, such as `CKA_SENSITIVE`.
        package let name: String
        /// The reported value; `nil` if the token does not know the attribute.
        package let value: Bool?
        package let isAsRequired: Bool
    }

    /// The name of the token in messages.
    package let token: String
    package let keys: [Key]
    /// The attributes of the audit key; `nil` if the token has none.
    package let auditKey: [Attribute]?

    init(of located: LocatedToken, in session: borrowing Session) throws(TokenOpenError) {
        token = located.name
        do throws(PKCS11Error) {
            var keys: [Key] = []
            for root in try RootFinder.find(in: session) {
                keys.append(try Key(root, in: session))
            }
            self.keys = keys
            let audit = try AuditKeyFinder.find(.privateKey, in: session).first
            auditKey = try audit.map { (key) throws(PKCS11Error) in try Self.attributes(ofAudit: key, in: session) }
        } catch {
            throw .failed("the root keys of \(located.name) cannot be read: \(error)")
        }
        guard !keys.isEmpty else { throw .rootsMissing(token: located.name, what: "root keys") }
    }
}

extension RootReport {
    /// The label of the audit key.
    package static var auditKeyLabel: String { AuditKey.label }

    package var keepsTheRule: Bool {
        keys.allSatisfy(\.keepsTheRule) && auditKey?.allSatisfy(\.isAsRequired) ?? true
    }

    private static func attributes(
        ofAudit key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> [Attribute] {
        var attributes: [Attribute] = []
        for requirement in AuditKeyRule.requirements {
            attributes.append(
                Attribute(requirement, value: try RootRule.told(requirement.attribute, of: key, in: session)))
        }
        return attributes
    }
}

extension RootReport.Attribute {
    fileprivate init(_ requirement: RootRule.Requirement, value: Bool?) {
        name = "\(requirement.attribute)"
        self.value = value
        isAsRequired = value.map { $0 == requirement.value } ?? requirement.isOptional
    }
}

extension RootReport.Key {
    fileprivate init(_ root: RootFinder.Found, in session: borrowing Session) throws(PKCS11Error) {
        label = root.purpose.label(epoch: root.epoch)
        epoch = root.epoch.number
        purpose = root.purpose
        var attributes: [RootReport.Attribute] = []
        for requirement in RootRule.requirements(for: root.purpose) {
            attributes.append(
                RootReport.Attribute(
                    requirement, value: try RootRule.told(requirement.attribute, of: root.handle, in: session)))
        }
        self.attributes = attributes
    }
}
