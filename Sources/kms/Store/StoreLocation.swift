import KeyManagement

/// Where the configured store is.
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

    /// Fails if there is no store at the place, or it is not initialised.
    func requireInitialized() throws(Failure) {
        switch self {
        case .file(let file): try file.requireInitialized()
        case .database(let database): try database.requireInitialized()
        }
    }

    /// Returns the file of the store.
    ///
    /// - Parameter work: what needs a file, for the message: "a backup".
    func requireFile(for work: String) throws(Failure) -> StoreFile {
        switch self {
        case .file(let file): return file
        case .database:
            throw Failure(
                .configuration,
                "\(work) needs a store in a file, and store.url names a database; use PostgreSQL's own backups, such as pg_basebackup")
        }
    }
}
