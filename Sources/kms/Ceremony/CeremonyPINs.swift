import Glibc
import KeyManagement
import SecretMemory

/// The two PINs of a new token: 24 characters each from an alphabet of 31, which is 118 bits.
struct CeremonyPINs {
    let user: SecretBytes
    let officer: SecretBytes

    init() {
        user = Self.draw()
        officer = Self.draw()
    }

    private static func draw() -> SecretBytes {
        // Characters that are easily confused with others are left out.
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
        var generator = SystemRandomNumberGenerator()
        return SecretBytes(capacity: 24) { buffer in
            for index in 0..<24 { buffer[index] = alphabet.randomElement(using: &generator) ?? 0 }
            return 24
        }
    }
}

/// A descriptor from which a secret can be read once.
final class SecretPipe {
    let descriptor: Int32

    init(_ secret: SecretBytes) throws(Failure) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(.other, "no pipe can be made") }
        descriptor = ends[0]
        let written = secret.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        close(ends[1])
        guard written == secret.count else { throw Failure(.other, "the pipe does not take a PIN") }
    }

    deinit { close(descriptor) }
}
