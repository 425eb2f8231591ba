import Encodings

/// A position in the verification: records, kind by kind, and then the digests of wrapped keys, epoch by epoch.
package struct StoreCursor: Hashable, Sendable, CustomStringConvertible {
    enum Place: Hashable, Sendable {
        case records(RecordKind, after: RecordPlace?)
        /// The first epoch to check; `nil` for the first one of the store.
        case blobs(RootEpoch?, after: [UInt8]?)
    }

    let place: Place

    /// The start of the verification.
    package static let start = StoreCursor(.records(RecordKind.allCases[0], after: nil))

    init(_ place: Place) {
        self.place = place
    }

    /// Returns the position after all records of a kind.
    static func behind(_ kind: RecordKind) -> StoreCursor {
        let all = RecordKind.allCases
        guard let index = all.firstIndex(of: kind), index + 1 < all.count else {
            return StoreCursor(.blobs(nil, after: nil))
        }
        return StoreCursor(.records(all[index + 1], after: nil))
    }

    private static let blobs = "blob"

    /// Reads a ``description``; `nil` if the text is not one.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var read: [RecordPlace.Part] = []
        for part in parts.dropFirst() {
            guard let part = RecordPlace.Part(text: part) else { return nil }
            read.append(part)
        }
        if parts.first == Self.blobs[...] {
            switch (read.first, read.dropFirst().first, read.count) {
            case (nil, _, _): self.init(.blobs(nil, after: nil))
            case (.number(let number)?, nil, 1):
                guard let epoch = UInt32(exactly: number).flatMap(RootEpoch.init) else { return nil }
                self.init(.blobs(epoch, after: nil))
            case (.number(let number)?, .bytes(let digest)?, 2):
                guard let epoch = UInt32(exactly: number).flatMap(RootEpoch.init) else { return nil }
                self.init(.blobs(epoch, after: digest))
            default: return nil
            }
            return
        }
        guard let first = parts.first, let kind = RecordKind(rawValue: String(first)) else { return nil }
        self.init(.records(kind, after: read.isEmpty ? nil : RecordPlace(read)))
    }

    package var description: String {
        let parts: [String]
        switch place {
        case .records(let kind, let after): parts = [kind.rawValue] + (after?.parts.map(\.text) ?? [])
        case .blobs(let epoch, let after):
            parts =
                [Self.blobs] + (epoch.map { [RecordPlace.Part.number(Int64($0.number)).text] } ?? [])
                + (after.map { [RecordPlace.Part.bytes($0).text] } ?? [])
        }
        return parts.joined(separator: ".")
    }
}

extension RecordPlace.Part {
    fileprivate var text: String {
        switch self {
        case .text(let text): "t" + Hexadecimal.text(Array(text.utf8))
        case .number(let number): "n\(number)"
        case .bytes(let bytes): "b" + Hexadecimal.text(bytes)
        }
    }

    fileprivate init?(text: Substring) {
        let rest = text.dropFirst()
        switch text.first {
        case "n":
            guard let number = Int64(rest) else { return nil }
            self = .number(number)
        case "b":
            guard let bytes = Hexadecimal.bytes(rest) else { return nil }
            self = .bytes(bytes)
        case "t":
            guard let bytes = Hexadecimal.bytes(rest), let text = String(validating: bytes, as: UTF8.self) else {
                return nil
            }
            self = .text(text)
        default: return nil
        }
    }
}
