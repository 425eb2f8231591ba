// Seals by the roots of the token.

extension VerifiedRecords {
    /// Seals a message that is not a record: the token's roots vouch for it.
    func seal(_ message: [UInt8]) async throws(KMSError) -> Seal {
        let seals = try await atToken { () throws(TokenError) in try await token.seal([message]) }
        guard let seal = seals.first else { throw .internalFailure("the token made no seal") }
        return seal
    }

    /// Returns, for each seal, true if a root of this token made it over its message.
    func areGenuine(_ seals: [(seal: Seal, message: [UInt8])]) async throws(KMSError) -> [Bool] {
        try await atToken { () throws(TokenError) in try await token.verify(seals) }
    }

    /// Returns the seal of a record, and the message that it is over.
    func sealed(_ record: Sealed<some Sealable>) -> (seal: Seal, message: [UInt8]) {
        (record.seal, record.unverified.canonicalBytes)
    }

    /// Returns the records that are as they were sealed.
    func genuine(_ page: [StoredRecord]) async throws(KMSError) -> [StoredRecord] {
        let answers = try await areGenuine(page.map { ($0.seal, $0.content.canonicalBytes) })
        return zip(page, answers).filter(\.1).map(\.0)
    }

    /// Returns a finding for each record whose seal is wrong.
    func unsealed(_ page: [StoredRecord]) async throws(KMSError) -> [String] {
        var findings: [String] = []
        for start in stride(from: 0, to: page.count, by: 64) {
            let some = page[start..<min(start + 64, page.count)]
            let answers = try await areGenuine(some.map { ($0.seal, $0.content.canonicalBytes) })
            for (record, isGenuine) in zip(some, answers) where !isGenuine {
                findings.append("\(record.content.sealedName) is not what was sealed")
            }
        }
        return findings
    }
}
