// swift-tools-version: 6.2
import PackageDescription

/// Set by `scripts/fuzz` and `scripts/sanitize address`, which share a build: our code reports its coverage, and libFuzzer is linked.
let isFuzzing = Context.environment["KMS_FUZZ"] != nil

/// libFuzzer without a main function; its path is in the variable.
let libFuzzer: [LinkerSetting] =
    Context.environment["KMS_FUZZ"].map { path in
        [.unsafeFlags(["-Xlinker", "-u", "-Xlinker", "LLVMFuzzerRunDriver", path, "-lstdc++"])]
    } ?? []

/// What every target of ours is compiled with.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    + (isFuzzing ? [.unsafeFlags(["-sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp"])] : [])

/// A released program has Swift's libraries in it: it runs where there is no Swift, and calls into them are direct.
let selfContained = LinkerSetting.unsafeFlags(
    ["-static-stdlib", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims", "-l_FoundationCollections"],
    .when(platforms: [.linux], configuration: .release))

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
/// A client of HTTP for tests that ask a running service.
let httpClient: [Target.Dependency] = [
    .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOFoundationCompat", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
]
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "hsm-kms",
    products: [
        .executable(name: "kms", targets: ["kms"]),
        .executable(name: "bench", targets: ["Bench"]),
        .library(name: "PKCS11", targets: ["PKCS11"]),
        // The HTTP client, and the secret bytes in its answers.
        .library(name: "KMSClient", targets: ["KMSClient", "SecretMemory"]),
        // A module for tests that misbehaves on command: libpkcs11-faulty.so.
        .library(name: "pkcs11-faulty", type: .dynamic, targets: ["FaultyPKCS11"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The C header of PKCS#11 and p11-kit, which loads modules.
        .systemLibrary(
            name: "CPKCS11",
            pkgConfig: "p11-kit-1",
            providers: [.apt(["libp11-kit-dev"])]
        ),
        .target(name: "PKCS11", dependencies: ["CPKCS11"], swiftSettings: settings),
        .target(name: "FaultyPKCS11", dependencies: ["CPKCS11"]),
        .target(name: "SystemClock", swiftSettings: settings),
        .target(
            name: "ThreadExecutor",
            dependencies: ["SystemClock", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings
        ),
        // What a process gives up, so that less is lost with it.
        .target(name: "CProcessHardening"),
        .target(name: "ProcessHardening", dependencies: ["CProcessHardening"], swiftSettings: settings),
        // OpenSSL's libcrypto, and the little of it that is used: public keys, paddings, hashes.
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "LibCrypto",
            dependencies: ["CLibCrypto", "Encodings", .product(name: "SwiftASN1", package: "swift-asn1")],
            swiftSettings: settings),
        // Secret bytes, and Shamir's secret sharing.
        .target(name: "SecretMemory", dependencies: ["Encodings", "LibCrypto", crypto], swiftSettings: settings),
        // Bytes as text: hexadecimal digits and base64.
        .target(name: "Encodings", swiftSettings: settings),
        // Bounded caches, and the token bucket of rate limits.
        .target(name: "Caching", swiftSettings: settings),
        .target(
            name: "KeyManagement",
            dependencies: [
                "Caching", "Encodings", "LibCrypto", "SecretMemory", "SystemClock", "ThreadExecutor", crypto, logging,
            ],
            swiftSettings: settings),
        .target(
            name: "TokenPKCS11",
            dependencies: [
                "Caching", "Encodings", "KeyManagement", "LibCrypto", "PKCS11", "SecretMemory", "SystemClock",
                "ThreadExecutor", crypto, logging,
            ],
            swiftSettings: settings
        ),
        // A token whose module runs in a process of its own.
        .target(
            name: "TokenProcess",
            dependencies: ["KeyManagement", "SecretMemory", "SystemClock", "ThreadExecutor", logging],
            swiftSettings: settings),
        .target(
            name: "StoreSQLite",
            dependencies: ["Encodings", "KeyManagement", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        // The format of encrypted files, and the threads that write and read it.
        .target(
            name: "FileEncryption",
            dependencies: ["KeyManagement", "LibCrypto", "SecretMemory", "ThreadExecutor", crypto, system],
            swiftSettings: settings),
        // The audit log as files.
        .target(
            name: "AuditFiles",
            dependencies: [
                "Encodings", "KeyManagement", "LibCrypto", "SystemClock", "ThreadExecutor", crypto, logging, system,
            ],
            swiftSettings: settings),
        // Tokens of an issuer outside.
        .target(
            name: "IdentityJWT",
            dependencies: [
                "Caching", "Encodings", "JSONText", "KeyManagement", crypto, logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "JWTKit", package: "jwt-kit"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // JSON read and written without copies of secrets, for the HTTP APIs.
        .target(
            name: "JSONText",
            dependencies: [
                "Encodings", "KeyManagement", "LibCrypto", "SecretMemory",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // Connections, TLS, limits and request ids. The doors below stand on it.
        .target(
            name: "HTTPServing",
            dependencies: [
                "Caching", "Encodings", "JSONText", "KeyManagement", crypto, hummingbird, lifecycle, logging,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings
        ),
        // The native HTTP API.
        .target(
            name: "KMSAPI",
            dependencies: [
                "Encodings", "HTTPServing", "JSONText", "KeyManagement", "SecretMemory", crypto, hummingbird, logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // The API of AWS KMS, translated onto ours.
        .target(
            name: "AWSKMSAPI",
            dependencies: [
                "Encodings", "HTTPServing", "JSONText", "KeyManagement", "SecretMemory", crypto, hummingbird, logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // The HTTP client. The command line is built on it.
        .target(
            name: "KMSClient",
            dependencies: [
                "Caching", "Encodings", "SecretMemory", crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "kms",
            dependencies: [
                "AuditFiles", "AWSKMSAPI", "Encodings", "FileEncryption", "HTTPServing", "IdentityJWT", "KeyManagement",
                "KMSAPI", "KMSClient", "LibCrypto", "PKCS11", "ProcessHardening", "SecretMemory", "StoreSQLite",
                "ThreadExecutor", "TokenPKCS11", "TokenProcess", logging, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings,
            linkerSettings: [selfContained]
        ),
        // An example of KMSClient: a server that encrypts a column of its database.
        .executableTarget(
            name: "ColumnEncryption",
            dependencies: [
                "KMSClient", "SecretMemory", hummingbird, logging, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Examples/column-encryption", exclude: ["README.md"], swiftSettings: settings),
        // Measures speed and load: scripts/bench. Not shipped.
        .target(name: "CBench", dependencies: ["CPKCS11"], linkerSettings: [.linkedLibrary("m")]),
        .executableTarget(
            name: "Bench",
            dependencies: [
                "AuditFiles", "AWSKMSAPI", "CBench", "HTTPServing", "KeyManagement", "KMSAPI", "KMSTesting", "PKCS11",
                "StoreSQLite", "TokenPKCS11", crypto, lifecycle, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        // Contracts that every adapter keeps, and doubles. Linked by tests only.
        .target(name: "KMSTesting", dependencies: ["KeyManagement", "SecretMemory", crypto], swiftSettings: settings),
        .testTarget(name: "PKCS11Tests", dependencies: ["CPKCS11", "KMSTesting", "PKCS11"], swiftSettings: settings),
        // Confines itself and tries what it has given up, for its tests.
        .target(name: "CConfinementProbe", path: "Tests/CConfinementProbe"),
        .executableTarget(
            name: "ConfinementProbe", dependencies: ["CConfinementProbe", "ProcessHardening"],
            path: "Tests/ConfinementProbe", swiftSettings: settings),
        .testTarget(
            name: "ProcessHardeningTests", dependencies: ["ConfinementProbe", "KMSTesting"], swiftSettings: settings),
        // A token's process that answers wrongly, for the tests of who asks it.
        .executableTarget(name: "HostileToken", path: "Tests/HostileToken", swiftSettings: settings),
        .testTarget(
            name: "TokenProcessTests",
            dependencies: ["HostileToken", "KeyManagement", "SecretMemory", "TokenProcess", logging],
            swiftSettings: settings),
        .testTarget(
            name: "FaultyPKCS11Tests", dependencies: ["FaultyPKCS11", "KMSTesting", "PKCS11", "ThreadExecutor"],
            swiftSettings: settings),
        // Published vectors through the real token; scripts/vectors fetches them.
        .testTarget(
            name: "VectorTests", dependencies: ["KMSTesting", "LibCrypto", "PKCS11"], swiftSettings: settings),
        .testTarget(
            name: "LibCryptoTests", dependencies: ["KMSTesting", "LibCrypto", crypto], swiftSettings: settings),
        .testTarget(
            name: "FileEncryptionTests",
            dependencies: [
                "FileEncryption", "KeyManagement", "KMSTesting", "LibCrypto", "SecretMemory", "ThreadExecutor", crypto,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuditFilesTests",
            dependencies: ["AuditFiles", "KeyManagement", "KMSTesting", "LibCrypto", crypto, logging],
            swiftSettings: settings),
        .testTarget(
            name: "IdentityJWTTests",
            dependencies: [
                "IdentityJWT", "KeyManagement", "KMSTesting", hummingbird, lifecycle, logging,
                .product(name: "NIOCore", package: "swift-nio"),
            ], swiftSettings: settings),
        .testTarget(
            name: "ThreadExecutorTests", dependencies: ["SystemClock", "ThreadExecutor"], swiftSettings: settings),
        .testTarget(
            name: "KeyManagementTests",
            dependencies: [
                "Encodings", "KeyManagement", "KMSTesting", "SecretMemory", "StoreSQLite", crypto, logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SecretMemoryTests", dependencies: ["KMSTesting", "SecretMemory"], swiftSettings: settings),
        .testTarget(name: "CachingTests", dependencies: ["Caching"], swiftSettings: settings),
        .testTarget(
            name: "StoreSQLiteTests",
            dependencies: [
                "KeyManagement", "KMSTesting", "StoreSQLite", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KMSAPITests",
            dependencies: [
                "AWSKMSAPI", "Encodings", "HTTPServing", "JSONText", "KeyManagement", "KMSAPI", "KMSTesting",
                "LibCrypto", "SecretMemory", "ThreadExecutor", hummingbird, lifecycle, logging, crypto,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KMSClientTests",
            dependencies: [
                "KeyManagement", "KMSClient", "SecretMemory", crypto, hummingbird, logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AWSKMSAPITests",
            dependencies: [
                "AWSKMSAPI", "Encodings", "KeyManagement", "KMSTesting", crypto, logging,
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TokenPKCS11Tests",
            dependencies: [
                "AuditFiles", "KeyManagement", "KMSTesting", "LibCrypto", "PKCS11", "SecretMemory", "TokenPKCS11",
                crypto, logging,
            ],
            swiftSettings: settings
        ),
        // Every parser of outside bytes, with a corpus; under libFuzzer for scripts/fuzz.
        .target(name: "CFuzz", path: "Tests/CFuzz"),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "AuditFiles", "AWSKMSAPI", "CFuzz", "FileEncryption", "HTTPServing", "IdentityJWT", "JSONText",
                "KeyManagement", "kms", "KMSAPI", "KMSClient", "LibCrypto", "PKCS11", "SecretMemory", "TokenProcess",
                crypto, hummingbird, .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            exclude: ["Corpora"], swiftSettings: settings, linkerSettings: libFuzzer),
        .testTarget(
            name: "KMSTests", dependencies: ["kms", "KMSTesting", "ThreadExecutor"], swiftSettings: settings),
        // Commands and services as processes, on a machine of their own: a token, a store, credentials. Linked by tests only.
        .target(
            name: "ServiceTesting", dependencies: ["KMSTesting", "ThreadExecutor"] + httpClient,
            path: "Tests/ServiceTesting", swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "AuditFiles", "ColumnEncryption", "KeyManagement", "kms", "KMSTesting", "ServiceTesting",
                "ThreadExecutor", crypto, logging,
            ] + httpClient,
            swiftSettings: settings),
        // Speed and memory under load.
        .testTarget(
            name: "LoadTests", dependencies: ["kms", "KMSTesting", "ServiceTesting", "ThreadExecutor"] + httpClient,
            swiftSettings: settings),
        // Faults, crashes and hostile surroundings.
        .testTarget(
            name: "AdversityTests",
            dependencies: [
                "KeyManagement", "kms", "KMSTesting", "SecretMemory", "ServiceTesting", "ThreadExecutor",
                "TokenProcess", crypto, logging,
            ] + httpClient,
            swiftSettings: settings),
    ]
)
