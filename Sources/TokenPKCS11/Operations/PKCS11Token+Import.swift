package import KeyManagement
internal import LibCrypto
internal import PKCS11

extension PKCS11Token {
    package func importKey(_ call: ImportKeyCall) async throws(TokenError) -> NewKey {
        let (material, job) = (call.material, call.job)
        guard importMethods.contains(job.method), algorithms.contains(material.algorithm) else {
            throw .unsupported("this token cannot import \(material.algorithm.rawValue) by \(job.method.rawValue)")
        }
        guard let jobMechanism = wrappings.first(where: { $0.standard == job.wrapped.mechanism })?.mechanism else {
            throw .unwrapFailed("\(job.sealedName) is wrapped in a way that is not here")
        }
        let wrapping = wrapping
        return try await onWorker { (connection) throws(TokenError) in
            let root = connection.roots.current
            let importer = KeyImporter(root: root.wrapping, wrapping: wrapping.mechanism, material: material, job: job)
            let imported: KeyImporter.Imported?
            do throws(PKCS11Error) {
                imported = try connection.withSession { (session) throws(PKCS11Error) in
                    guard let jobRoot = try connection.book.roots(of: job.wrapped.epoch, in: session) else {
                        throw .malformedAnswer(
                            from: .findObjects, "\(job.sealedName) is wrapped by a root that is not here")
                    }
                    return try importer.run(jobRoot: jobRoot.wrapping, jobMechanism, in: session)
                }
            } catch {
                throw error.isMaterialsFault ? .rejected : TokenError(error)
            }
            guard let imported else { throw .rejected }
            return NewKey(
                wrapped: WrappedKey(mechanism: wrapping.standard, epoch: root.epoch, blob: imported.blob),
                publicKey: imported.publicKey.map { PublicKeyInfo(der: $0) }, checkValue: imported.checkValue)
        }
    }
}
