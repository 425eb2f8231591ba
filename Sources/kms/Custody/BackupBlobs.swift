import KeyManagement

/// The wrapped keys in a backup.
struct BackupBlobs {
    let folder: String

    /// Returns the digests of the wrapped keys under the certificate's epoch that the certificate does not name.
    func missing(in certificate: DestructionCertificate) throws(Failure) -> [String] {
        guard let epoch = RootEpoch(certificate.destroyed.epoch) else { return [] }
        let digests = try StoreCopy(path: "\(folder)/\(BackupManifest.storeName)").blobDigests(under: epoch)
        let named = Set(certificate.unreadable.map(\.sha256))
        return digests.filter { !named.contains($0) }
    }
}
