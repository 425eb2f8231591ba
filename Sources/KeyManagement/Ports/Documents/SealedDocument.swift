/// A sealed record as a store keeps it: the bytes that its seal covers, and the columns by which it is found.
///
/// A store carries the bytes and does not read them.
package struct SealedDocument: Hashable, Sendable {
    package let kind: RecordKind
    /// The place of the record among those of its kind, in the form of ``RecordPlace/bytes``.
    package let place: [UInt8]
    /// The number that a change of the record expects: its revision, or the counter that grows with each change.
    package let revision: UInt64
    /// The canonical form, which the seal covers.
    package let content: [UInt8]
    /// The parts of the record that its seal does not cover; `nil` if there are none.
    package let details: [UInt8]?
    /// The parts of the record that never change; `nil` if the store does not check them.
    package let fixed: [UInt8]?
    package let seal: Seal
    /// The epoch of the wrapped key in the content; `nil` if there is none.
    package let wrapEpoch: RootEpoch?
    package let index: DocumentIndex

    /// The maximum length of the content, in bytes.
    package static let maxLength = 2 << 20

    package init(
        kind: RecordKind, place: [UInt8], revision: UInt64, content: [UInt8], details: [UInt8]?, fixed: [UInt8]?,
        seal: Seal,
        wrapEpoch: RootEpoch?, index: DocumentIndex
    ) {
        self.kind = kind
        self.place = place
        self.revision = revision
        self.content = content
        self.details = details
        self.fixed = fixed
        self.seal = seal
        self.wrapEpoch = wrapEpoch
        self.index = index
    }

    /// The earliest epoch under which the document is sealed or wrapped.
    package var earliestEpoch: RootEpoch { min(seal.epoch, wrapEpoch ?? seal.epoch) }
}

/// The columns by which documents are found and kept unique.
package struct DocumentIndex: Hashable, Sendable {
    /// The name, unique among all documents of the store; `nil` if there is none.
    package var name: [UInt8]?
    /// The key that the document belongs to, and with which it is deleted; `nil` if there is none.
    package var group: [UInt8]?
    /// A value that several documents of a kind can share; `nil` if there is none.
    package var label: [UInt8]?
    /// The time of each task that is due for the document.
    package var due: DueTimes

    package static let none = DocumentIndex()

    package init(
        name: [UInt8]? = nil, group: [UInt8]? = nil, label: [UInt8]? = nil, due: DueTimes = DueTimes()
    ) {
        self.name = name
        self.group = group
        self.label = label
        self.due = due
    }
}

/// The tasks that can be due for a document.
package enum DueTask: String, Sendable, CaseIterable {
    /// The rotation of a key.
    case rotation
    /// The end of a record: the deletion of a key, the destruction of a version, the expiry of an import job, the age of an answer.
    case end
    /// The expiry of imported material.
    case expiry
}

/// The time of each ``DueTask``; `nil` for one that is not due at any time.
package struct DueTimes: Hashable, Sendable {
    package var rotation: Timestamp?
    package var end: Timestamp?
    package var expiry: Timestamp?

    package init(rotation: Timestamp? = nil, end: Timestamp? = nil, expiry: Timestamp? = nil) {
        self.rotation = rotation
        self.end = end
        self.expiry = expiry
    }

    package subscript(task: DueTask) -> Timestamp? {
        switch task {
        case .rotation: rotation
        case .end: end
        case .expiry: expiry
        }
    }
}

extension RecordPlace {
    /// The parts as bytes, in the same order as the parts: a text ends with a zero byte unless it is the last part, and a number has
    /// 4 bytes, big-endian.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                bytes.append(contentsOf: text.utf8)
                if index < parts.count - 1 { bytes.append(0) }
            case .number(let number):
                withUnsafeBytes(of: UInt32(clamping: number).bigEndian) { bytes.append(contentsOf: $0) }
            case .bytes(let part): bytes.append(contentsOf: part)
            }
        }
        return bytes
    }
}
