import FoundationEssentials
import KMSClient

/// The saved contexts, and the name of the current one.
struct ContextStore {
    let folder: ContextFolder

    /// The store of this user.
    ///
    /// - Throws: a ``Failure`` if the user has no home folder.
    static func ofUser() throws(Failure) -> ContextStore { ContextStore(folder: try ContextFolder.required()) }

    // MARK: Contexts

    /// The names of all contexts, sorted.
    var names: [ContextName] {
        folder.names(in: "contexts").filter { $0.hasSuffix(".json") }
            .compactMap { ContextName(argument: String($0.dropLast(5))) }.sorted()
    }

    /// Returns a context; nil if there is none of that name.
    func context(_ name: ContextName) throws(Failure) -> SavedContext? {
        try decode(SavedContext.self, Self.file(name), isSecret: false)
    }

    /// Returns a context.
    ///
    /// - Throws: a ``Failure`` if there is none of that name.
    func required(_ name: ContextName) throws(Failure) -> SavedContext {
        guard let context = try context(name) else {
            throw Failure(.notFound, "no context '\(name)'; 'kms context list' shows the names")
        }
        return context
    }

    /// Saves a context. If its address changed, its credential is removed, because it belongs to another service.
    func save(_ context: SavedContext, as name: ContextName) throws(Failure) {
        if let old = try self.context(name), !old.isFor(context.url) { try removeCredential(of: name) }
        try encode(context, to: Self.file(name))
    }

    /// Deletes a context with its credential.
    func delete(_ name: ContextName) throws(Failure) {
        try removeCredential(of: name)
        try folder.remove(Self.file(name))
        if try current() == name { try folder.remove("current") }
    }

    // MARK: The current context

    /// The name of the current context; nil if there is none.
    func current() throws(Failure) -> ContextName? {
        guard let bytes = try folder.read("current", isSecret: false) else { return nil }
        return ContextName(argument: String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
    }

    func use(_ name: ContextName) throws(Failure) { try folder.write(Data("\(name)\n".utf8), to: "current") }

    // MARK: Credentials

    /// Returns the credential of a context; nil if the user is not logged in.
    func credential(of name: ContextName) throws(Failure) -> ClientCredential? {
        guard let bytes = try folder.read(Self.tokenFile(name), isSecret: true) else { return nil }
        return try TokenText.credential(bytes, in: "\(folder.path)/\(Self.tokenFile(name))")
    }

    /// Returns the session of a login at an identity provider; nil if there is none.
    func session(of name: ContextName) throws(Failure) -> SavedSession? {
        try decode(SavedSession.self, Self.sessionFile(name), isSecret: true)
    }

    /// Saves the token of a context, and the session to which it belongs.
    func saveCredential(_ token: String, session: SavedSession?, of name: ContextName) throws(Failure) {
        // The session comes first: the refresh token may be the only valid one.
        if let session { try encode(session, to: Self.sessionFile(name)) }
        try folder.write(Data((token + "\n").utf8), to: Self.tokenFile(name))
        if session == nil { try folder.remove(Self.sessionFile(name)) }
    }

    /// Removes the credential of a context. Returns true if there was one.
    @discardableResult
    func removeCredential(of name: ContextName) throws(Failure) -> Bool {
        let had = folder.names(in: "contexts").contains("\(name).token")
        try folder.remove(Self.tokenFile(name))
        try folder.remove(Self.sessionFile(name))
        return had
    }

    /// Runs `body` while no other command refreshes the session of this context.
    func locked<Result>(_ name: ContextName, _ body: () async throws -> Result) async throws -> Result {
        try await folder.locked("contexts/\(name).lock", body)
    }

    // MARK: Files

    private static func file(_ name: ContextName) -> String { "contexts/\(name).json" }
    private static func tokenFile(_ name: ContextName) -> String { "contexts/\(name).token" }
    private static func sessionFile(_ name: ContextName) -> String { "contexts/\(name).session" }

    private func decode<Value: Decodable>(
        _ type: Value.Type, _ name: String, isSecret: Bool
    ) throws(Failure) -> Value? {
        guard let bytes = try folder.read(name, isSecret: isSecret) else { return nil }
        guard let value = try? JSONDecoder().decode(type, from: bytes) else {
            throw Failure(.configuration, "\(folder.path)/\(name) is damaged; delete it, and log in again")
        }
        return value
    }

    private func encode(_ value: some Encodable, to name: String) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try folder.write(try encoder.encode(value) + Data("\n".utf8), to: name)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.other, "the context cannot be encoded as JSON")
        }
    }
}
