/// The part of a list that a request asks for.
public struct ListPage: Sendable {
    /// The most items of the page, 1 to 1000; nil for the service's default.
    public var limit: Int?
    /// The `next` of the page before; nil for the first page.
    public var cursor: String?

    public init(limit: Int? = nil, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}

/// The conditions that listed keys fulfil; nil for any.
public struct KeyFilter: Sendable {
    public var state: String?
    public var algorithm: String?
    public var usage: String?
    public var origin: String?
    /// `NAME` or `NAME=VALUE`.
    public var tag: String?
    public var isEnabled: Bool?
    /// A day, `YYYY-MM-DD`, before which the key is rotated automatically.
    public var rotationDueBefore: String?

    public init() {}
}

/// The properties of a new key; nil for the service's default.
public struct NewKey: Sendable, Encodable {
    public var name: String
    public var description: String?
    public var tags: NameValuePairs?
    /// Such as `AES256-GCM96`, which is the default, or `EC-P256`.
    public var algorithm: String?
    public var usage: String?
    public var origin: String?
    public var rotationDays: Int?
    public var preActivation: Bool?
    public var dryRun: Bool?

    public init(name: String) { self.name = name }
}

/// The changes of a key's properties; nil leaves a property as it is.
public struct KeyPropertyChanges: Sendable, Encodable {
    public var name: String?
    public var description: String?
    /// The tags that replace all present ones.
    public var tags: NameValuePairs?
    /// The days between rotations; 0 ends automatic rotation.
    public var rotationDays: Int?

    public init() {}
}

/// The options that all changes of keys and versions have.
public struct ChangeOptions: Sendable {
    /// Such as `keyCompromise` or `superseded`.
    public var reason: String?
    /// The reason in the caller's words.
    public var comment: String?
    /// True to change nothing and to return the impact.
    public var isDryRun = false
    /// A name for the request, see ``KMSRequest/idempotencyKey``.
    public var idempotencyKey: String?

    public init() {}

    struct Body: Encodable, Sendable {
        let reason: String?
        let comment: String?
        let dryRun: Bool?
        let days: Int?
    }
}

extension KMSRequest where Answer == KeyAnswer {
    /// Describes a key.
    public static func describeKey(_ key: String) -> Self { Self(.get, APIPath.key(key)) }

    /// Changes name, description, tags or rotation of a key.
    public static func updateKey(_ key: String, _ changes: KeyPropertyChanges) -> Self {
        Self(.patch, APIPath.key(key), changes)
    }
}

extension KMSRequest where Answer == KeyPageAnswer {
    /// Lists keys of the project by name.
    public static func listKeys(_ filter: KeyFilter = KeyFilter(), page: ListPage = ListPage()) -> Self {
        Self(
            .get,
            "/api/v1/keys"
                + APIPath.query([
                    "state": filter.state, "algorithm": filter.algorithm, "usage": filter.usage,
                    "origin": filter.origin, "tag": filter.tag, "enabled": filter.isEnabled.map { "\($0)" },
                    "rotationDueBefore": filter.rotationDueBefore, "limit": page.limit.map(String.init),
                    "cursor": page.cursor,
                ]))
    }
}

extension KMSRequest where Answer == VersionPageAnswer {
    /// Lists the versions of a key, the newest first.
    public static func listVersions(of key: String, page: ListPage = ListPage()) -> Self {
        Self(.get, APIPath.key(key) + "/versions" + APIPath.query(page))
    }
}

extension KMSRequest where Answer == PublicKeyAnswer {
    /// Reads the public key of a version; of the default version if none is given.
    public static func publicKey(of key: String, version: UInt32? = nil) -> Self {
        Self(.get, (version.map { APIPath.version($0, of: key) } ?? APIPath.key(key)) + "/public-key")
    }
}

extension KMSRequest where Answer == KeyChangeAnswer {
    /// Creates a key.
    public static func createKey(_ key: NewKey, idempotencyKey: String? = nil) -> Self {
        Self(.post, "/api/v1/keys", key, idempotencyKey: idempotencyKey)
    }

    /// Makes a new version of a key, which becomes the default one.
    public static func rotateKey(_ key: String, _ options: ChangeOptions = ChangeOptions()) -> Self {
        change(.post, APIPath.key(key) + "/rotate", options)
    }

    /// Lets a disabled key be used again.
    public static func enableKey(_ key: String, _ options: ChangeOptions = ChangeOptions()) -> Self {
        change(.post, APIPath.key(key) + "/enable", options)
    }

    /// Ends all use of a key until it is enabled again.
    public static func disableKey(_ key: String, _ options: ChangeOptions = ChangeOptions()) -> Self {
        change(.post, APIPath.key(key) + "/disable", options)
    }

    /// Changes the key or version at `path`.
    ///
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: the path of the key or version.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - days: the days that a destruction or deletion waits.
    package static func change(_ method: RequestMethod, _ path: String, _ options: ChangeOptions, days: Int? = nil)
        -> Self
    {
        Self(
            method, path,
            ChangeOptions.Body(
                reason: options.reason, comment: options.comment, dryRun: options.isDryRun ? true : nil, days: days),
            idempotencyKey: options.idempotencyKey)
    }
}
