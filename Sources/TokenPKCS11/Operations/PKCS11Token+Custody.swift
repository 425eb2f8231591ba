internal import Crypto
import Encodings
internal import Foundation
package import KeyManagement
internal import PKCS11

extension PKCS11Token {
    package func facts(_ call: FactsCall) async throws(TokenError) -> TokenFacts {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                let (module, info) = (connection.located.module, connection.located.info)
                let about = try module.info()
                return TokenFacts(
                    label: info.label, serialNumber: info.serialNumber, manufacturer: info.manufacturer,
                    model: info.model, hardwareVersion: "\(info.hardwareVersion)",
                    firmwareVersion: "\(info.firmwareVersion)", module: module.location,
                    moduleManufacturer: about.manufacturer, moduleDescription: about.libraryDescription,
                    moduleVersion: "\(about.libraryVersion)", cryptokiVersion: "\(about.cryptokiVersion)",
                    moduleSHA256: Self.digest(ofFile: module.location))
            } catch {
                throw TokenError(error)
            }
        }
    }

    private static func digest(ofFile path: String) -> String? {
        guard path.hasPrefix("/"), let file = FileManager.default.contents(atPath: path) else { return nil }
        return Hexadecimal.text(Array(SHA256.hash(data: file)))
    }

    package func examineRoots(_ call: ExamineRootsCall) async throws(TokenError) -> [KeyExamination] {
        let wrappings = wrappings
        return try await examining { (connection, session) throws(PKCS11Error) in
            var examinations: [KeyExamination] = []
            for root in connection.roots.all {
                let value = connection.identity.checkValues[root.epoch] ?? []
                examinations.append(
                    try Self.examine(root.wrapping, .wrapping, root.epoch, nil, wrappings, in: session))
                examinations.append(
                    try Self.examine(
                        root.integrity, .integrity, root.epoch, Hexadecimal.text(value), wrappings, in: session))
            }
            guard let audit = connection.audit else { return examinations }
            let examiner = KeyExaminer(kind: .auditKey, name: AuditKey.label, wrappings: wrappings)
            examinations.append(
                try examiner.run(
                    audit.handle, checkValue: nil,
                    findings: try AuditKeyRule.violations(of: audit.handle, in: session), in: session))
            return examinations
        }
    }

    private static func examine(
        _ handle: ObjectHandle, _ purpose: RootPurpose, _ epoch: RootEpoch, _ checkValue: String?,
        _ wrappings: [TokenProbe.ProvenWrapping], in session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination {
        let examiner = KeyExaminer(
            kind: purpose == .wrapping ? .wrappingRoot : .integrityRoot, name: purpose.label(epoch: epoch),
            wrappings: wrappings)
        return try examiner.run(
            handle, checkValue: checkValue, findings: try RootRule.violations(of: handle, as: purpose, in: session),
            in: session)
    }

    package func examine(_ call: ExamineCall) async throws(TokenError) -> [KeyExamination] {
        let wrappings = wrappings
        return try await examining { (connection, session) throws(PKCS11Error) in
            var examinations: [KeyExamination] = []
            for key in call.keys {
                examinations.append(try Self.examine(key, connection.book, wrappings, in: session))
            }
            return examinations
        }
    }

    private static func examine(
        _ key: VersionKey, _ book: RootKeyRegistry, _ wrappings: [TokenProbe.ProvenWrapping],
        in session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination {
        guard let root = try book.roots(of: key.wrapped.epoch, in: session),
            let mechanism = wrappings.first(where: { $0.standard == key.wrapped.mechanism })?.mechanism
        else { throw .malformedAnswer(from: .findObjects, "\(key.id) is under a root that is not in the token") }
        let object = try session.unwrapKey(
            key.wrapped.blob, of: key.algorithm, with: root.wrapping, mechanism,
            KeyTemplates.unwrapped(key.algorithm, for: key.usage))
        return try KeyMaker.consuming(object, on: session) { (session) throws(PKCS11Error) in
            let value = try KeyProof.checkValue(of: object, key.algorithm, in: session)
            let examiner = KeyExaminer(
                kind: .version(key.algorithm, key.usage), name: key.id.description, wrappings: wrappings)
            return try examiner.run(
                object, checkValue: value.map { Hexadecimal.text($0.bytes) },
                findings: try VersionRule.violations(of: object, for: key.usage, in: session), in: session)
        }
    }

    private func examining(
        _ body: @escaping @Sendable (Connection, borrowing Session) throws(PKCS11Error) -> [KeyExamination]
    ) async throws(TokenError) -> [KeyExamination] {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                return try connection.withWritingSession { (session) throws(PKCS11Error) in
                    try body(connection, session)
                }
            } catch {
                throw TokenError(error)
            }
        }
    }

}
