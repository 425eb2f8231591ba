internal import Crypto

extension KeyRecord: DocumentRecord {
    static var recordKind: RecordKind { .key }
    var recordPlace: RecordPlace { RecordPlace(.bytes(id.bytes)) }
    var documentRevision: UInt64 { revision }

    var documentDetails: [UInt8]? {
        var encoding = CanonicalEncoding(domain: Self.detailsDomain)
        encoding.append(1, name.text)
        encoding.append(2, description.text)
        for (name, value) in tags.sorted {
            encoding.append(3, name)
            encoding.append(4, value)
        }
        return encoding.bytes
    }

    var documentIndex: DocumentIndex {
        // Disabled and imported keys are not due, because they would precede all others for ever.
        let rotates = availability == .enabled && origin == .generated && state == .active
        return DocumentIndex(
            name: name.documentName(in: project),
            due: DueTimes(rotation: rotates ? rotation?.dueAt : nil, end: deletionDueAt, expiry: materialExpiresAt))
    }

    var documentFixed: [UInt8]? {
        var encoding = CanonicalEncoding(domain: "hsm-kms/store/key-fixed/1")
        encoding.append(1, project.text)
        encoding.append(2, algorithm.rawValue)
        encoding.append(3, usage.rawValue)
        encoding.append(4, origin.rawValue)
        encoding.append(5, createdAt.milliseconds)
        if let service = kind.service { encoding.append(6, service.text) }
        return Array(SHA256.hash(data: encoding.bytes))
    }

    init?(document: SealedDocument) {
        guard let details = document.details.flatMap({ CanonicalReader($0, domain: Self.detailsDomain) }),
            let name = details.text(1).flatMap({ try? KeyName($0) }),
            let description = details.text(2).flatMap({
                try? KeyDescription($0, maxLength: KeyDescription.maxLengthOfKey)
            }),
            let tags = KeyTags(details),
            let reader = CanonicalReader(document.content, domain: Self.sealDomain),
            let project = reader.text(1).flatMap({ try? ProjectID($0) }),
            let id = reader.bytes(2).flatMap({ KeyID(bytes: $0) }),
            let algorithm: KeyAlgorithm = reader.member(3), let usage: KeyUsage = reader.member(4),
            let origin: KeyOrigin = reader.member(5), let availability: KeyAvailability = reader.member(6),
            let revision: UInt64 = reader.number(7),
            let versions = reader.bytes(8).flatMap({ VersionLedger(encoded: $0) }),
            let createdAt = reader.time(9), let changedAt = reader.time(10), let access = KeyAccess(reader)
        else { return nil }
        self.init(
            id: id, project: project, name: name, description: description, tags: tags, algorithm: algorithm,
            usage: usage, origin: origin,
            kind: reader.text(16).flatMap { try? ServiceName($0) }.map { .service($0) } ?? .user,
            owner: reader.text(17).flatMap { try? SubjectID($0) }, access: access, availability: availability,
            availabilityNote: reader.note(14, 15), deletionDueAt: reader.time(21), materialExpiresAt: reader.time(22),
            defaultMaterialExpiry: reader.number(23).map { MaterialExpiry(milliseconds: $0) }, versions: versions,
            rotation: RotationSchedule(reader), rotatedAt: reader.time(13), revision: revision, createdAt: createdAt,
            changedAt: changedAt)
    }

    static let detailsDomain = "hsm-kms/store/key-details/1"
}

extension KeyTags {
    fileprivate init?(_ reader: CanonicalReader) {
        guard let names = reader.texts(3), let values = reader.texts(4), names.count == values.count else { return nil }
        var pairs = TextPairs()
        for (name, value) in zip(names, values) {
            guard pairs.insert(value, for: name) else { return nil }
        }
        guard let tags = try? KeyTags(pairs) else { return nil }
        self = tags
    }
}

extension KeyAccess {
    fileprivate init?(_ reader: CanonicalReader) {
        if reader.bytes(18) != nil {
            guard let subjects = reader.texts(19), let groups = reader.texts(20),
                let list = try? AccessList(
                    subjects: Set(subjects.compactMap { try? SubjectID($0) }),
                    groups: Set(groups.compactMap { try? GroupID($0) }))
            else { return nil }
            self = .restricted(list)
        } else if let document = reader.text(31) {
            guard let texts = reader.texts(30),
                let policy = try? KeyPolicy(
                    statements: texts.compactMap { AccessStatement(text: $0) }, document: document)
            else { return nil }
            self = .policy(policy)
        } else {
            self = .byRole
        }
    }
}

extension RotationSchedule {
    fileprivate init?(_ reader: CanonicalReader) {
        guard let days = reader.number(11, as: UInt32.self), let period = try? RotationPeriod(days: Int(days)),
            let dueAt = reader.time(12)
        else { return nil }
        self.init(period: period, dueAt: dueAt)
    }
}

extension KeyName {
    /// Returns the name as it is unique in the store, among keys and aliases of the project.
    func documentName(in project: ProjectID) -> [UInt8] {
        Self.documentNames(in: project) + Array(text.utf8)
    }

    /// Returns the beginning of all such names of a project.
    static func documentNames(in project: ProjectID) -> [UInt8] { Array("n".utf8) + Array(project.text.utf8) + [0] }
}

extension CanonicalReader {
    /// Returns a member of a closed set, from its text.
    func member<Member: RawRepresentable<String>>(_ tag: UInt8) -> Member? {
        text(tag).flatMap { Member(rawValue: $0) }
    }

    /// Returns the reason for a change; `nil` if there is none.
    func note(_ reason: UInt8, _ comment: UInt8) -> ChangeNote? {
        guard let reason: ChangeReason = member(reason),
            let comment = text(comment).flatMap({ try? KeyDescription($0) })
        else { return nil }
        return ChangeNote(reason: reason, comment: comment)
    }

    /// Returns a wrapped key of three fields; `nil` if there is none.
    func wrappedKey(epoch: UInt8, mechanism: UInt8, blob: UInt8) -> WrappedKey? {
        guard let epoch = number(epoch, as: UInt32.self).flatMap({ RootEpoch($0) }),
            let mechanism: WrapMechanism = member(mechanism), let blob = bytes(blob)
        else { return nil }
        return WrappedKey(mechanism: mechanism, epoch: epoch, blob: blob)
    }
}
