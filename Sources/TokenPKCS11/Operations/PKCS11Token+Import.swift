public import KeyManagement
internal import LibCrypto
internal import PKCS11

extension PKCS11Token {
    public func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey {
        guard importMethods.contains(job.method), algorithms.contains(material.algorithm) else {
            throw .unsupported("this token cannot import \(material.algorithm.rawValue) by \(job.method.rawValue)")
        }
        guard let jobRoot = roots[job.wrapped.epoch],
            let jobMechanism = wrappings.first(where: { $0.standard == job.wrapped.mechanism })?.mechanism
        else { throw .unwrapFailed("\(job.sealedName) is wrapped by a root or a way that is not here") }
        let (root, wrapping) = (roots.current, wrapping)
        let importer = KeyImporter(root: root.wrapping, wrapping: wrapping.mechanism, material: material, job: job)
        let imported = try await onWorker { (_, worker) throws(TokenError) in
            let result = Swift.Result { () throws(PKCS11Error) in
                try worker.withSession { (session) throws(PKCS11Error) in
                    try importer.run(jobRoot: jobRoot.wrapping, jobMechanism, in: session)
                }
            }
            switch result {
            case .success(let imported): return imported
            case .failure(let error): throw error.isMaterialsFault ? .rejected : TokenError(error)
            }
        }
        guard let imported else { throw .rejected }
        return NewKey(
            wrapped: WrappedKey(mechanism: wrapping.standard, epoch: root.epoch, blob: imported.blob),
            publicKey: imported.publicKey.map { PublicKeyInfo(der: $0) }, checkValue: imported.checkValue)
    }
}
