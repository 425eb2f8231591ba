import FileEncryption
import KMSClient
import KeyManagement
import SecretMemory
import Synchronization
import ThreadExecutor

/// Functions that the file commands share.
enum FileWork {
    /// Runs blocking work on a thread of its own, and maps its errors.
    static func run(
        _ body: @escaping @Sendable () throws(FileEncryptionError) -> Void
    ) async throws(Failure) {
        do throws(FileEncryptionError) {
            try await onOwnThread("file", body)
        } catch {
            throw Failure(error)
        }
    }

    static func header(of input: FileInput) throws(Failure) -> FileHeader {
        do throws(FileEncryptionError) {
            return try FileHeader(readFrom: input)
        } catch .notEncrypted {
            throw Failure(
                .input,
                "\(input.name) is not an encrypted file: 'kms file encrypt' did not write it; "
                    + "for a ciphertext of 'kms encrypt' use 'kms decrypt'")
        } catch {
            throw Failure(error)
        }
    }

    static func mapping<Result>(
        _ body: () throws(FileEncryptionError) -> Result
    ) throws(Failure) -> Result {
        do throws(FileEncryptionError) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }

    /// Returns the encryption context that a file is bound to, if it is the demanded one.
    ///
    /// - Parameter demanded: the pairs `NAME=VALUE` of the context that the file must have; none for any.
    static func context(of header: FileHeader, demanded: [String]) throws(Failure) -> NameValuePairs {
        let demanded = try PairOptions.pairs(demanded, of: "--context")
        if !demanded.isEmpty {
            do throws(KMSError) {
                guard try EncryptionContext(pairs: demanded) == header.context else {
                    throw .invalidRequest("the file is bound to another context: \(text(of: header.context))")
                }
            } catch {
                throw Failure(error)
            }
        }
        return NameValuePairs(header.context)
    }

    /// Returns the context as text for people: `name=value, name=value`.
    static func text(of context: EncryptionContext) -> String {
        let text = context.sorted.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        // The maker of the file chose this text; its control characters must not reach the reader's terminal.
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }

    /// Returns the plaintext of a data key from the service's answer.
    static func dataKey(_ plaintext: Base64Secret?) throws(Failure) -> SecretBytes {
        guard let plaintext else { throw Failure(.other, "the service's answer has no data key") }
        return plaintext.bytes
    }

    static func wrappedKey(_ text: String) throws(Failure) -> Ciphertext {
        guard let ciphertext = Ciphertext(text: text) else {
            throw Failure(.other, "the service's answer has no ciphertext that is known here")
        }
        return ciphertext
    }
}

extension NameValuePairs {
    init(_ context: EncryptionContext) {
        self.init()
        // No name of a context occurs twice.
        for (name, value) in context.sorted { _ = insert(value, for: name) }
    }
}

extension EncryptionContext {
    init(pairs: NameValuePairs) throws(KMSError) {
        var texts = TextPairs()
        for (name, value) in pairs.sorted { _ = texts.insert(value, for: name) }
        try self.init(texts)
    }
}

extension Failure {
    init(_ error: FileEncryptionError) {
        let code: Code =
            switch error {
            case .notEncrypted, .unknownFormat, .malformedHeader, .headerCutOff, .headerNotAuthentic,
                .chunkNotAuthentic,
                .endNotAuthentic, .tooLong:
                .input
            case .shrunk, .system: .configuration
            case .library: .other
            }
        self.init(code, "\(error)")
    }
}

/// The progress of a file, updated by the threads that process it.
final class FileProgress: Sendable {
    private struct State {
        var bar: ProgressBar
        var done: UInt64 = 0
    }

    private let total: UInt64?
    private let state: Mutex<State>

    /// Starts at zero.
    ///
    /// - Parameter total: nil if the total is unknown.
    init(_ label: String, total: UInt64?, isQuiet: Bool) {
        self.total = total
        state = Mutex(State(bar: ProgressBar(label, isQuiet: isQuiet)))
    }

    func add(_ more: Int) {
        state.withLock { state in
            state.done += UInt64(more)
            if let total { state.bar.show(state.done, of: total) } else { state.bar.show(state.done) }
        }
    }

    /// Clears the progress line.
    func finish() {
        state.withLock { $0.bar.finish() }
    }
}
