internal import LibCrypto

/// Encrypts or decrypts chunks of one file in place. Belongs to one thread.
///
/// The nonce is the chunk's number, 11 bytes big-endian from 0, followed by a byte that is 1 for the last chunk and otherwise 0. So a chunk
/// is authentic only at its own place in its own file, and only the last one ends it. This is the STREAM construction of Hoang,
/// Reyhanitabar, Rogaway and Vizár (2015).
final class ChunkCipher {
    static let tagLength = AES256GCM.tagLength

    private let cipher: AES256GCM
    // Allocated once, freed by deinit.
    private let nonce = UnsafeMutableRawBufferPointer.allocate(byteCount: AES256GCM.nonceLength, alignment: 16)

    init(_ cipher: AES256GCM) {
        self.cipher = cipher
        nonce.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { nonce.deallocate() }

    /// Encrypts a chunk and writes its tag after it.
    ///
    /// - Parameters:
    ///   - slot: the plaintext, and room for 16 more bytes.
    ///   - number: the chunk's number, from 0.
    ///   - isLast: true for the last chunk of the file.
    func seal(
        _ slot: UnsafeMutableRawBufferPointer, number: UInt64, isLast: Bool
    ) throws(FileEncryptionError) {
        setNonce(number, isLast)
        do throws(LibCryptoError) {
            try cipher.seal(Self.content(of: slot), nonce: UnsafeRawBufferPointer(nonce), tag: Self.tag(of: slot))
        } catch {
            throw .library("\(error)")
        }
    }

    /// Decrypts a chunk; returns true if it is the authentic one of this place.
    ///
    /// - Parameters:
    ///   - slot: the ciphertext followed by its tag, at least 16 bytes.
    ///   - number: the chunk's number, from 0.
    ///   - isLast: true for the last chunk of the file.
    func open(_ slot: UnsafeMutableRawBufferPointer, number: UInt64, isLast: Bool) -> Bool {
        setNonce(number, isLast)
        return cipher.open(Self.content(of: slot), nonce: UnsafeRawBufferPointer(nonce), tag: Self.tag(of: slot))
    }

    private func setNonce(_ number: UInt64, _ isLast: Bool) {
        nonce.storeBytes(of: number.bigEndian, toByteOffset: 3, as: UInt64.self)
        nonce[11] = isLast ? 1 : 0
    }

    private static func content(of slot: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: slot.dropLast(tagLength))
    }

    private static func tag(of slot: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: slot.suffix(tagLength))
    }
}
