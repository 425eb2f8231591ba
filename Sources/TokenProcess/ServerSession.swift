internal import KeyManagement
internal import Synchronization

/// Answers requests on the token, each in a task of its own. The token's queue sets the limit and the deadlines.
final class ServerSession: Sendable {
    private let outbox: Outbox
    private let open: @Sendable ([UInt8]?) async throws(TokenProcessError) -> TokenServer.Opening
    private let opening = Mutex<TokenServer.Opening?>(nil)

    init(
        outbox: Outbox, open: @escaping @Sendable ([UInt8]?) async throws(TokenProcessError) -> TokenServer.Opening
    ) {
        self.outbox = outbox
        self.open = open
    }

    func close() async { await opening.withLock { $0 }?.close() }

    func handle(_ request: Frame.Request, _ id: UInt64, _ reader: inout WireReader) throws(WireError) {
        switch request {
        case .start:
            let proof = try reader.optional { (reader) throws(WireError) in try reader.bytes() }
            try reader.finish()
            Task { await start(id, proof) }
        case .ping: outbox.send(id: id, kind: Frame.Answer.done.rawValue) { _ in }
        case .call(let tag):
            guard let token = opening.withLock({ $0?.token }) else { throw WireError("a request before the start") }
            let work = try TokenWork(tag, &reader)
            try reader.finish()
            let outbox = outbox
            Task {
                do throws(TokenError) {
                    let answer = try await work.perform(token)
                    outbox.send(id: id, kind: Frame.Answer.done.rawValue, answer)
                } catch {
                    let (kind, text) = error.wire
                    outbox.send(id: id, kind: kind.rawValue) { $0.put(message: text) }
                }
            }
        }
    }

    private func start(_ id: UInt64, _ proof: [UInt8]?) async {
        do throws(TokenProcessError) {
            let opened = try await open(proof)
            opening.withLock { $0 = opened }
            outbox.send(id: id, kind: Frame.Answer.done.rawValue) { $0.put(.success(opened.description)) }
        } catch {
            outbox.send(id: id, kind: Frame.Answer.done.rawValue) { $0.put(.failure(error)) }
        }
    }
}
