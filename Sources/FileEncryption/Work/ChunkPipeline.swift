internal import Glibc
internal import LibCrypto

/// Moves content from an input to an output on several threads.
///
/// Each thread has one buffer. It takes the next group of chunks, encrypts or decrypts it in place, and writes it. So memory use is that of
/// the buffers, whatever the input's length and the speed of either end.
struct ChunkPipeline: Sendable {
    let keys: FileKeys
    let layout: ChunkLayout
    /// A function that any thread calls with the number of further input bytes that are done.
    let progress: @Sendable (_ more: Int) -> Void

    func run(
        from input: FileInput, to output: FileOutput, at outputStart: Int = 0, threads: Int
    ) throws(FileEncryptionError) {
        let source = GroupSource(input, layout)
        let count = Int(min(UInt64(max(1, threads)), source.count ?? .max))
        try WorkerGroup.run(count) { (crew) throws(FileEncryptionError) in
            let buffer = GroupBuffer(layout)
            let cipher = try keys.cipher(layout.direction)
            while let group = try source.next(into: buffer, for: crew) {
                try process(group, buffer, cipher)
                guard try write(group, buffer, output, outputStart, crew) else { return }
                progress(group.inputLength)
            }
        }
    }

    private func process(
        _ group: ChunkGroup, _ buffer: GroupBuffer, _ cipher: ChunkCipher
    ) throws(FileEncryptionError) {
        let count = layout.chunkCount(of: group.inputLength)
        for index in 0..<count {
            let length = min(layout.inputChunkLength, group.inputLength - index * layout.inputChunkLength)
            let number = layout.firstChunk(of: group) + UInt64(index)
            let isLast = group.isLast && index == count - 1
            guard number < ChunkLayout.maxChunks else { throw .tooLong }
            switch layout.direction {
            case .sealing:
                try cipher.seal(buffer.slot(index, inputLength: length), number: number, isLast: isLast)
            case .opening:
                guard Self.isPossible(length, number, isLast),
                    cipher.open(buffer.slot(index, inputLength: length), number: number, isLast: isLast)
                else { throw isLast ? .endNotAuthentic : .chunkNotAuthentic(number: number) }
            }
        }
    }

    /// Returns true unless the chunk is empty. Only an empty file has an empty chunk, so that each content has one form.
    private static func isPossible(_ sealedLength: Int, _ number: UInt64, _ isLast: Bool) -> Bool {
        sealedLength > ChunkCipher.tagLength || (sealedLength == ChunkCipher.tagLength && number == 0 && isLast)
    }

    /// Writes a group; returns false if another thread has failed.
    private func write(
        _ group: ChunkGroup, _ buffer: GroupBuffer, _ output: FileOutput, _ outputStart: Int, _ crew: WorkerGroup
    ) throws(FileEncryptionError) -> Bool {
        switch output.order {
        case .none: return true
        case .any:
            var place = off_t(outputStart) + off_t(group.index) * off_t(layout.outputGroupLength)
            try buffer.forEachOutput(of: group) { (piece) throws(FileEncryptionError) in
                try output.write(piece, at: place)
                place += off_t(piece.count)
            }
            return true
        case .inTurn:
            guard crew.waitForTurn(group.index) else { return false }
            try buffer.forEachOutput(of: group) { (piece) throws(FileEncryptionError) in try output.write(piece) }
            crew.endTurn()
            return true
        }
    }
}

extension ChunkPipeline {
    /// Verifies the last chunk of a regular file, before any other, so that a truncated or extended file is detected at once.
    func verifyEnd(of input: FileInput) throws(FileEncryptionError) {
        guard let (offset, count) = input.position else { return }
        let whole = UInt64(layout.inputChunkLength)
        let number = count == 0 ? 0 : (count - 1) / whole
        let length = Int(count - number * whole)
        guard number < ChunkLayout.maxChunks, Self.isPossible(length, number, true) else { throw .endNotAuthentic }
        let buffer = GroupBuffer(layout)
        let slot = buffer.slot(0, inputLength: length)
        try input.read(into: slot, at: offset + off_t(number * whole))
        guard try keys.cipher(.opening).open(slot, number: number, isLast: true) else { throw .endNotAuthentic }
    }
}
