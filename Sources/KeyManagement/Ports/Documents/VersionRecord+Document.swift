internal import Crypto

extension VersionRecord: DocumentRecord {
    static var recordKind: RecordKind { .version }
    var recordPlace: RecordPlace { id.place }
    var documentRevision: UInt64 { stateCounter }
    var documentWrapped: WrappedKey? { life.wrapped }
    var documentBlobOwner: WrappedBlob.Owner? { .version(id) }

    var documentIndex: DocumentIndex {
        let key = id.key.bytes
        var due = DueTimes(expiry: life.wrapped == nil ? nil : materialExpiry?.time)
        if case .pendingDestruction(_, let time) = life { due.end = time }
        return DocumentIndex(
            name: state == .active ? Self.activeName(of: id.key) : nil, group: key,
            label: checkValue.map { key + $0.bytes }, due: due)
    }

    var documentFixed: [UInt8]? {
        var encoding = CanonicalEncoding(domain: "hsm-kms/store/version-fixed/1")
        encoding.append(1, project.text)
        encoding.append(2, algorithm.rawValue)
        encoding.append(3, usage.rawValue)
        encoding.append(4, origin.rawValue)
        encoding.append(5, createdAt.milliseconds)
        if let publicKey { encoding.append(6, publicKey.der) }
        if let checkValue { encoding.append(7, checkValue.bytes) }
        if let cause { encoding.append(8, cause.rawValue) }
        return Array(SHA256.hash(data: encoding.bytes))
    }

    /// Returns the unique name that the active version of a key has.
    static func activeName(of key: KeyID) -> [UInt8] { Array("a".utf8) + key.bytes }

    init?(document: SealedDocument) {
        guard let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let project = reader.text(1).flatMap({ try? ProjectID($0) }),
            let key = reader.bytes(2).flatMap({ KeyID(bytes: $0) }),
            let number = reader.number(3, as: UInt32.self).flatMap({ VersionNumber($0) }),
            let algorithm: KeyAlgorithm = reader.member(4), let usage: KeyUsage = reader.member(5),
            let origin: KeyOrigin = reader.member(6), let stateCounter: UInt64 = reader.number(8),
            let createdAt = reader.time(9), let changedAt = reader.time(10), let life = VersionLife(reader)
        else { return nil }
        self.init(
            id: VersionID(key: key, number: number), project: project, algorithm: algorithm, usage: usage,
            origin: origin, createdAt: createdAt, changedAt: changedAt, stateCounter: stateCounter, life: life,
            note: reader.note(18, 19), publicKey: reader.bytes(16).map { PublicKeyInfo(der: $0) },
            checkValue: reader.bytes(17).flatMap { CheckValue(bytes: $0) }, cause: reader.member(20),
            materialExpiry: reader.number(21).map { MaterialExpiry(milliseconds: $0) })
    }
}

extension VersionLife {
    fileprivate init?(_ reader: CanonicalReader) {
        guard let state: VersionState = reader.member(7) else { return nil }
        let wrapped = reader.wrappedKey(epoch: 11, mechanism: 12, blob: 13)
        switch (state, wrapped) {
        case (.active, let wrapped?): self = .active(wrapped)
        case (.deactivated, let wrapped?): self = .deactivated(wrapped)
        case (.pendingDestruction, let wrapped?):
            guard let due = reader.time(14) else { return nil }
            self = .pendingDestruction(wrapped, due: due)
        case (.destroyed, nil):
            guard let digest = reader.bytes(15), digest.count == 32 else { return nil }
            self = .destroyed(blobDigest: digest)
        case (.active, nil), (.deactivated, nil), (.pendingDestruction, nil), (.destroyed, _?): return nil
        }
    }
}
