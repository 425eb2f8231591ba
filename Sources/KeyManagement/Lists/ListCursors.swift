internal import Crypto
import Encodings
import Synchronization

/// The cipher of list positions (AES-256-GCM). Each list has a key of its own, derived from the roots.
///
/// Every process with the same roots can read the cursors of the others. Rotating the roots invalidates cursors; a list is then
/// read from its start.
///
/// The form is `epoch (4, big-endian) | nonce (12) | ciphertext | tag (16)` in hexadecimal digits. The position is padded to a
/// multiple of 64 bytes, so that the length of a cursor reveals little.
struct CursorCipher {
    let epoch: RootEpoch
    private let key: SymmetricKey

    private static let padding = 64

    /// Creates the cipher of an epoch.
    ///
    /// - Parameters:
    ///   - epoch: the epoch.
    ///   - secret: 32 bytes that the roots of the epoch make.
    init(epoch: RootEpoch, secret: [UInt8]) {
        self.epoch = epoch
        key = SymmetricKey(data: secret)
    }

    private func key(of scope: ListScope) -> SymmetricKey {
        SymmetricKey(data: Array(HMAC<SHA256>.authenticationCode(for: scope.bytes, using: key)))
    }

    func cursor(at place: String, in scope: ListScope) throws(KMSError) -> ListCursor {
        let place = Array(place.utf8)
        var padded = [UInt8(truncatingIfNeeded: place.count >> 8), UInt8(truncatingIfNeeded: place.count)] + place
        padded += repeatElement(0, count: (Self.padding - padded.count % Self.padding) % Self.padding)
        do {
            let box = try AES.GCM.seal(padded, using: key(of: scope), authenticating: scope.bytes)
            return ListCursor(
                Hexadecimal.text(Self.bytes(of: epoch) + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)))
        } catch {
            throw .internalFailure("a cursor cannot be encrypted: \(error)")
        }
    }

    /// Returns the position in a cursor of a list.
    ///
    /// - Throws: ``KMSError/invalidCursor`` for anything that is not a cursor of this list.
    func place(of bytes: [UInt8], in scope: ListScope) throws(KMSError) -> String {
        let padded: [UInt8]
        do {
            let box = try AES.GCM.SealedBox(combined: bytes)
            padded = Array(try AES.GCM.open(box, using: key(of: scope), authenticating: scope.bytes))
        } catch {
            throw .invalidCursor
        }
        guard padded.count >= 2 else { throw .invalidCursor }
        let count = Int(padded[0]) << 8 | Int(padded[1])
        guard let place = String(validating: padded.dropFirst(2).prefix(count), as: UTF8.self),
            place.utf8.count == count
        else { throw .invalidCursor }
        return place
    }

    /// Splits a cursor into the epoch at its start and the rest; returns `nil` if the text is not a cursor.
    static func parts(of cursor: ListCursor) -> (epoch: RootEpoch, box: [UInt8])? {
        guard cursor.text.utf8.count <= 8192, let bytes = Hexadecimal.bytes(cursor.text), bytes.count > 4,
            let epoch = RootEpoch(bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        else { return nil }
        return (epoch, Array(bytes.dropFirst(4)))
    }

    private static func bytes(of epoch: RootEpoch) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: epoch.number >> (24 - 8 * UInt32($0))) }
    }
}

/// The ciphers that this process knows, by epoch. Each is derived in the token once.
final class CursorCiphers: Sendable {
    private let known = Mutex<[RootEpoch: CursorCipher]>([:])

    func cipher(_ epoch: RootEpoch) -> CursorCipher? { known.withLock { $0[epoch] } }

    func keep(_ cipher: CursorCipher) { known.withLock { $0[cipher.epoch] = cipher } }
}

extension KeyService {
    private static let message = CanonicalEncoding(domain: "hsm-kms/cursor-key/1").bytes

    /// Returns the cipher of the current roots.
    private func cursorCipher() async throws(KMSError) -> CursorCipher {
        if let cipher = cursorCiphers.cipher(tokenInformation.identity.epoch) { return cipher }
        let seal = try await records.seal(Self.message)
        let cipher = CursorCipher(epoch: seal.epoch, secret: seal.code)
        cursorCiphers.keep(cipher)
        return cipher
    }

    /// Returns the cursor for the position where a page ended; `nil` for the last page.
    func cursor(at place: String?, in scope: ListScope) async throws(KMSError) -> ListCursor? {
        guard let place else { return nil }
        return try await cursorCipher().cursor(at: place, in: scope)
    }

    /// Returns the position that a cursor denotes; `nil` at the start of the list.
    ///
    /// - Throws: ``KMSError/invalidCursor`` for a text that is not a cursor, and for a cursor of another list.
    func place(of cursor: ListCursor?, in scope: ListScope) async throws(KMSError) -> String? {
        guard let cursor else { return nil }
        guard let (epoch, box) = CursorCipher.parts(of: cursor) else { throw .invalidCursor }
        var known = cursorCiphers.cipher(epoch)
        if known == nil { known = try await cursorCipher() }
        guard let known, known.epoch == epoch else { throw .invalidCursor }
        return try known.place(of: box, in: scope)
    }

    /// Returns the position that a cursor denotes, converted by `read`.
    func place<Place>(
        of cursor: ListCursor?, in scope: ListScope, _ read: (String) throws(KMSError) -> Place
    ) async throws(KMSError) -> Place? {
        guard let text = try await place(of: cursor, in: scope) else { return nil }
        return try read(text)
    }
}

extension KeyService {
    /// Returns one page of a list that is already in memory.
    ///
    /// - Parameters:
    ///   - items: the complete list, in order.
    ///   - parts: the name of the list, and the filters that restrict it.
    ///   - cursor: the end of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of items.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/invalidCursor``
    package func page<Item: Sendable>(
        of items: [Item], in parts: [String], after cursor: ListCursor?, limit: PageLimit, by caller: Caller
    ) async throws(KMSError) -> Page<Item> {
        let scope = ListScope(parts, for: caller.principal, in: caller.project)
        let start = try await place(of: cursor, in: scope) { (text) throws(KMSError) in
            guard let start = Int(text) else { throw .invalidCursor }
            return start
        }
        // The list may be shorter now.
        let rest = items.dropFirst(start ?? 0)
        let page = Array(rest.prefix(limit.count))
        let next = rest.count > page.count ? "\((start ?? 0) + page.count)" : nil
        return Page(items: page, next: try await self.cursor(at: next, in: scope))
    }

    /// Returns the cursor for a position in a list of the platform; `nil` for the last page.
    ///
    /// - Parameters:
    ///   - place: the position of the last item of the page; `nil` if nothing follows.
    ///   - parts: the name of the list, and the filters that restrict it.
    ///   - principal: the principal that asks.
    package func cursor(
        at place: String?, of parts: [String], by principal: Principal
    ) async throws(KMSError) -> ListCursor? {
        try await cursor(at: place, in: ListScope(parts, for: principal))
    }

    /// Returns the position that a cursor of such a list denotes; `nil` at its start.
    ///
    /// - Throws: ``KMSError/invalidCursor``
    package func place(
        of cursor: ListCursor?, of parts: [String], by principal: Principal
    ) async throws(KMSError) -> String? {
        try await place(of: cursor, in: ListScope(parts, for: principal))
    }
}
