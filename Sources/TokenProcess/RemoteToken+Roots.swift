public import KeyManagement

extension RemoteToken {
    public func readIdentity() async throws(TokenError) -> TokenIdentity {
        try await identity(after: .readIdentity, nil)
    }

    public func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await identity(after: .makeRoots, epoch)
    }

    public func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await identity(after: .destroyRoots, epoch)
    }

    private func identity(
        after request: Frame.Request, _ epoch: RootEpoch?
    ) async throws(TokenError) -> TokenIdentity {
        let known = self.identity
        let identity = try await ask(request) { writer in
            if let epoch { writer.put(epoch.number) }
        } _: { (reader) throws(WireError) in
            let identity = try reader.identity()
            guard identity.continues(known) else { throw WireError("another token, or other root keys, than before") }
            return identity
        }
        supervisor.note(identity)
        return identity
    }

    public func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] {
        try await ask(.rewrap) { writer in
            writer.put(keys) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            let rewrapped = try reader.list(exactly: keys.count) { (reader) throws(WireError) in
                try reader.wrappedKey()
            }
            try reader.check { () throws(TokenAnswers.Mismatch) in try TokenAnswers.check(rewrapped, of: keys) }
            return rewrapped
        }
    }
}
