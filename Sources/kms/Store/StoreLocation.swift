import KeyManagement

/// The place of the configured store.
enum StoreLocation {
    /// An SQLite database in a file.
    case file(StoreFile)
    /// A PostgreSQL database.
    case database(StoreDatabase)

    /// Reads `store.path` and `store.url`, of which one is set.
    init(_ settings: Settings) throws(Failure) {
        let url = try settings.required(.storeURL)
        guard !url.text.isEmpty else {
            self = .file(StoreFile(path: try settings.required(.storePath).text))
            return
        }
        if let path = settings[.storePath], !path.text.isEmpty {
            throw Failure(
                .configuration,
                "store.path (\(path.origin)) and store.url (\(url.origin)) are both set; a store is in one place")
        }
        self = .database(try StoreDatabase(url: url.text, origin: url.origin))
    }

    /// Reads the path of a file or the URL of a database.
    init(text: String) throws(Failure) {
        self =
            StoreDatabase.isURL(text)
            ? .database(try StoreDatabase(url: text, origin: "flag")) : .file(StoreFile(path: text))
    }

    /// The place for messages; of a database, without user and secrets.
    var name: String {
        switch self {
        case .file(let file): file.path
        case .database(let database): database.place
        }
    }

    /// Reads which token the store belongs to, and changes nothing.
    ///
    /// - Returns: nil if the store is not initialised.
    func binding() throws(Failure) -> TokenBinding? {
        switch self {
        case .file(let file): try file.binding()
        case .database(let database): try database.binding()
        }
    }

    /// Opens the store, and migrates its schema.
    func open(_ access: StoreAccess) throws(Failure) -> any ServedStore {
        switch self {
        case .file(let file): try file.open(access)
        case .database(let database): try database.open(access)
        }
    }

    /// Opens the store, runs `body`, and closes the store.
    func whileOpen<Result>(
        _ access: StoreAccess, _ body: (any ServedStore) async throws -> Result
    ) async throws -> Result {
        let store = try open(access)
        do {
            let result = try await body(store)
            try await store.close()
            return result
        } catch {
            try? await store.close()
            throw error
        }
    }

    /// Fails if a file is in the place of a new store. Whether a database has a store already shows when it is filled.
    func requireFree() throws(Failure) {
        guard case .file(let file) = self else { return }
        try PrivateFile.requireFree(file.path)
    }

    /// Fails if there is no store at the place, or it is not initialised.
    func requireInitialized() throws(Failure) {
        switch self {
        case .file(let file): try file.requireInitialized()
        case .database(let database): try database.requireInitialized()
        }
    }

    /// Returns the file of the store.
    ///
    /// - Parameter work: the work that needs a file, for the message: "a backup".
    func requireFile(for work: String) throws(Failure) -> StoreFile {
        switch self {
        case .file(let file): return file
        case .database:
            throw Failure(
                .configuration,
                "\(work) needs a store in a file, and store.url names a database; use PostgreSQL's own backups, such as pg_basebackup"
            )
        }
    }
}
