import CBench
import PKCS11

/// The loop in plain C.
struct PlainLoop {
    private let rig: TokenRig
    private let keys: TokenKeys
    private let handles: [String: UInt]

    init(_ rig: TokenRig, _ keys: TokenKeys) throws {
        self.rig = rig
        self.keys = keys
        handles = Dictionary(
            uniqueKeysWithValues: try ["gcm", "wrap", "mac", "signing"].map { ($0, try rig.plainHandle($0)) })
    }

    func run(_ work: TokenWork, _ count: Int) throws {
        let code =
            switch work {
            case .decrypt: run("gcm", keys.ciphertext, bench_loop_decrypt, count)
            case .encrypt: run("gcm", keys.plaintext, bench_loop_encrypt, count)
            case .issue: run("gcm", keys.plaintext, bench_loop_issue, count)
            case .unwrap: run("wrap", keys.wrapped, bench_loop_unwrap, count)
            case .hmac: run("mac", keys.message, bench_loop_hmac, count)
            case .sign: run("signing", keys.digest, bench_loop_sign, count)
            }
        guard code == 0 else { throw BenchFailure("\(work.rawValue) in plain C: 0x\(String(code, radix: 16))") }
    }

    private typealias Loop = (OpaquePointer?, UnsafePointer<bench_work>?, UInt32) -> UInt

    /// Runs a loop. Unsafe: the arrays are lent for the call.
    private func run(_ key: String, _ input: [UInt8], _ loop: Loop, _ count: Int) -> UInt {
        input.withUnsafeBufferPointer { input in
            keys.nonce.withUnsafeBufferPointer { nonce in
                keys.aad.withUnsafeBufferPointer { aad in
                    var work = bench_work(
                        key: handles[key] ?? 0, input: input.baseAddress, input_length: input.count,
                        nonce: nonce.baseAddress, aad: aad.baseAddress, nonce_length: nonce.count,
                        aad_length: aad.count, output: rig.scratch.bindMemory(to: UInt8.self).baseAddress,
                        output_room: rig.scratch.count)
                    return loop(rig.plain, &work, UInt32(count))
                }
            }
        }
    }
}
