public import KeyManagement

extension RemoteToken {
    public func facts() async throws(TokenError) -> TokenFacts {
        try await ask(.facts) { _ in
        } _: { (reader) throws(WireError) in
            try reader.json(TokenFacts.self)
        }
    }

    public func examineRoots() async throws(TokenError) -> [KeyExamination] {
        try await ask(.examineRoots) { _ in
        } _: { (reader) throws(WireError) in
            try reader.json([KeyExamination].self)
        }
    }

    public func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] {
        try await ask(.examine) { writer in
            writer.put(keys) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            let examinations = try reader.json([KeyExamination].self)
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(examinations, of: keys) }
            return examinations
        }
    }
}
