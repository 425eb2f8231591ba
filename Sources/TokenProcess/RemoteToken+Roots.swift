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
        let identity = try await ask(request) { writer in
            if let epoch { writer.put(epoch.number) }
        } _: { (reader) throws(WireError) in
            try reader.identity()
        }
        supervisor.note(identity)
        return identity
    }

    public func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] {
        try await ask(.rewrap) { writer in
            writer.put(keys) { [writer] in writer.put($0) }
        } _: { (reader) throws(WireError) in
            try reader.list { (reader) throws(WireError) in try reader.wrappedKey() }
        }
    }
}
