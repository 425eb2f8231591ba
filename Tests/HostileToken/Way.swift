import Glibc

/// A way to answer.
enum Way: String, CaseIterable {
    /// The right answer, which lets the test distinguish a wrong answer from a wrong test.
    case right
    case exits, closes, silent, pingsOnly, trickle
    case garbage, empty, truncated, trailing
    case hugeFrame, hugeBody, hugeCount, hugeText, badText
    case unknownKind, unknownID, twice, flood
    case tooFew, tooMany, wrongLength
    // For the opening only.
    case hugeWorkers, noEpoch, sameEpoch, hugeEpochs, badAuditKey

    /// True if the program does not even answer pings.
    var isSilent: Bool { self == .silent || self == .trickle }

    func answer(_ request: Request) {
        let right = Shapes.right(request.kind, count: 2, isOff: false)
        switch self {
        case .right: Answer(to: request, right).send()
        case .exits: exit(3)
        case .closes:
            close(3)
            sleep(60)
        case .silent, .pingsOnly: break
        case .trickle:
            Answer.send([0, 0, 1, 0])
            for _ in 0..<1200 {
                Answer.send([0])
                usleep(50_000)
            }
        case .garbage: Answer(to: request, (0..<200).map { _ in UInt8.random(in: 1...255) }).send()
        case .empty: Answer(to: request, Kind.withoutAnswer.contains(request.kind) ? [0] : []).send()
        case .truncated:
            Answer.send(Array(Answer(to: request, right + [0, 0]).bytes.all.dropLast()))
            exit(0)
        case .trailing: Answer(to: request, right + [0]).send()
        case .unknownKind: Answer(to: request, right, kind: 200).send()
        case .unknownID: Answer(to: request, right, id: request.id + 1000).send()
        case .twice: for _ in 0..<2 { Answer(to: request, right).send() }
        case .flood: while true { Answer(to: request, [], id: 0).send() }
        default: Answer(to: request, wrong(request.kind)).sendAs(self, request)
        }
    }

    /// Returns a body with a wrong number.
    private func wrong(_ kind: UInt8) -> [UInt8] {
        switch self {
        case .tooFew: return Shapes.isList(kind) ? Shapes.right(kind, count: 1, isOff: false) : [0]
        case .tooMany: return Shapes.isList(kind) ? Shapes.right(kind, count: 3, isOff: false) : [0, 0, 0, 1]
        case .wrongLength: return Shapes.right(kind, count: 2, isOff: true)
        case .hugeCount: return [255, 255, 255, 255, 0, 0]
        case .hugeWorkers: return Shapes.opening(workers: .max)
        case .noEpoch: return Shapes.opening(epochs: [])
        case .sameEpoch: return Shapes.opening(epochs: [1, 1])
        case .hugeEpochs: return Shapes.opening(epochs: Array(1...70_000))
        case .badAuditKey: return Shapes.opening(auditKey: [0x30, 0])
        default: return [255]
        }
    }
}

extension Answer {
    fileprivate func sendAs(_ way: Way, _ request: Request) {
        switch way {
        case .hugeFrame: Answer(to: request, [0], length: .max).send()
        case .hugeBody: Answer(to: request, [UInt8](repeating: 0, count: 20 << 20)).send()
        case .hugeText:
            var body = Bytes()
            body.put([UInt8](repeating: 0x41, count: 1 << 20))
            Answer(to: request, body.all, kind: 2).send()
        case .badText:
            var body = Bytes()
            body.put([0xC3, 0x28, 0xFF])
            Answer(to: request, body.all, kind: 2).send()
        default: send()
        }
    }
}
