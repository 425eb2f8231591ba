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

// The products of other packages that ours depend on.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioFoundationCompat = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioFoundationEssentialsCompat = Target.Dependency.product(
    name: "NIOFoundationEssentialsCompat", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// What tests ask a running service with.
let httpClient = [asyncHTTPClient, nioCore, nioFoundationCompat, nioHTTP1]

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
        // MARK: The program

        // Command line and server. Only here the parts are put together.
        .executableTarget(
            name: "kms",
            dependencies: [
                "AuditFiles", "AWSKMSAPI", "Encodings", "FileEncryption", "HTTPServing", "IdentityJWT", "KeyManagement",
                "KMSAPI", "KMSClient", "LibCrypto", "OIDCLogin", "PKCS11", "ProcessHardening", "SecretMemory",
                "StorePostgres", "StoreSQLite", "ThreadExecutor", "TokenPKCS11", "TokenProcess", logging, lifecycle,
                argumentParser,
                system,
                unixSignals, yams,
            ], linkerSettings: [selfContained]),

        // MARK: The doors, and what they stand on

        // The native API.
        .target(
            name: "KMSAPI",
            dependencies: [
                "Encodings", "HTTPServing", "JSONText", "KeyManagement", "SecretMemory", crypto, hummingbird, logging,
                httpTypes, nioCore,
            ]),
        // The API of AWS KMS, translated onto the domain.
        .target(
            name: "AWSKMSAPI",
            dependencies: [
                "Encodings", "HTTPServing", "JSONText", "KeyManagement", "SecretMemory", crypto, hummingbird, logging,
                httpTypes, nioCore,
            ]),
        // Connections, TLS, limits, request ids and health; it knows no door.
        .target(
            name: "HTTPServing",
            dependencies: [
                "Caching", "Encodings", "JSONText", "KeyManagement", crypto, hummingbird, lifecycle, logging,
                hummingbirdCore, httpTypes, nioCore, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, nioSSL, nioTLS, asn1,
                x509,
            ]),
        // JSON read and written without copies of secrets.
        .target(name: "JSONText", dependencies: ["Encodings", "KeyManagement", "LibCrypto", "SecretMemory", nioCore]),

        // MARK: The domain

        // Keys, access, approvals, state digest, custody; and the ports of what is around it.
        .target(
            name: "KeyManagement",
            dependencies: [
                "Caching", "Encodings", "LibCrypto", "SecretMemory", "SystemClock", "ThreadExecutor", crypto, logging,
            ]),

        // MARK: The adapters of its ports

        // The token.
        .target(
            name: "TokenPKCS11",
            dependencies: [
                "Caching", "Encodings", "KeyManagement", "LibCrypto", "PKCS11", "SecretMemory", "SystemClock",
                "ThreadExecutor", crypto, logging,
            ]),
        // The token in a process of its own.
        .target(
            name: "TokenProcess",
            dependencies: ["KeyManagement", "SecretMemory", "SystemClock", "ThreadExecutor", logging]),
        // The store.
        .target(name: "StoreSQLite", dependencies: ["Encodings", "KeyManagement", grdb]),
        // The store in PostgreSQL.
        .target(name: "StorePostgres", dependencies: ["CLibPQ", "KeyManagement", "SystemClock", "ThreadExecutor"]),
        // PostgreSQL's client library.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        // The audit log as files.
        .target(
            name: "AuditFiles",
            dependencies: [
                "Encodings", "KeyManagement", "LibCrypto", "SystemClock", "ThreadExecutor", crypto, logging, system,
            ]),
        // Tokens of identity providers.
        .target(
            name: "IdentityJWT",
            dependencies: [
                "Caching", "Encodings", "JSONText", "KeyManagement", crypto, logging, asyncHTTPClient, jwtKit, nioCore,
                nioFoundationEssentialsCompat, nioHTTP1,
            ]),

        // MARK: Of the command line

        // The HTTP client, a library product.
        .target(
            name: "KMSClient",
            dependencies: [
                "Caching", "Encodings", "SecretMemory", crypto, asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]),
        // Logging in at an identity provider: OpenID Connect for a program without a secret.
        .target(
            name: "OIDCLogin",
            dependencies: [
                "Encodings", "KMSClient", "ThreadExecutor", crypto, asyncHTTPClient, nioCore, nioHTTP1, nioSSL,
            ]),
        // The format of encrypted files, and the threads that write and read it.
        .target(
            name: "FileEncryption",
            dependencies: ["KeyManagement", "LibCrypto", "SecretMemory", "ThreadExecutor", crypto, system]),

        // MARK: PKCS#11

        // PKCS#11 in Swift types, a library product.
        .target(name: "PKCS11", dependencies: ["CPKCS11"]),
        // Its C header, and p11-kit, which loads modules.
        .systemLibrary(name: "CPKCS11", pkgConfig: "p11-kit-1", providers: [.apt(["libp11-kit-dev"])]),
        // A module that misbehaves on command, for tests.
        .target(name: "FaultyPKCS11", dependencies: ["CPKCS11"]),

        // MARK: The leaves, which know nothing of keys or requests

        // Secret bytes, and Shamir's secret sharing.
        .target(name: "SecretMemory", dependencies: ["Encodings", "LibCrypto", crypto]),
        // Bytes as text: hexadecimal digits and base64.
        .target(name: "Encodings"),
        // Bounded caches, the token bucket, shared executions.
        .target(name: "Caching"),
        // Threads for calls that block.
        .target(name: "ThreadExecutor", dependencies: ["SystemClock", deque]),
        // Monotonic time.
        .target(name: "SystemClock"),
        // Public keys, paddings and hashes.
        .target(name: "LibCrypto", dependencies: ["CLibCrypto", "Encodings", asn1]),
        // OpenSSL's libcrypto.
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // What a process gives up, so that less is lost with it.
        .target(name: "ProcessHardening", dependencies: ["CProcessHardening"]),
        .target(name: "CProcessHardening"),

        // MARK: Measuring, by scripts/bench; not shipped

        .executableTarget(
            name: "Bench",
            dependencies: [
                "AuditFiles", "AWSKMSAPI", "CBench", "HTTPServing", "KeyManagement", "KMSAPI", "KMSTesting", "PKCS11",
                "StoreSQLite", "TokenPKCS11", crypto, lifecycle, logging, argumentParser,
            ]),
        .target(name: "CBench", dependencies: ["CPKCS11"], linkerSettings: [.linkedLibrary("m")]),

        // MARK: Examples

        .executableTarget(
            name: "ColumnEncryption", dependencies: ["KMSClient", "SecretMemory", hummingbird, logging, grdb],
            path: "Examples/column-encryption", exclude: ["README.md"]),

        // MARK: What tests stand on; linked by tests only

        // Contracts that every adapter keeps, and doubles.
        .target(name: "KMSTesting", dependencies: ["KeyManagement", "SecretMemory", crypto]),
        // Commands and services as processes, on a machine of their own: a token, a store, credentials.
        .target(
            name: "ServiceTesting", dependencies: ["KMSTesting", "ThreadExecutor"] + httpClient,
            path: "Tests/ServiceTesting"),
        // Confines itself and tries what it has given up.
        .executableTarget(
            name: "ConfinementProbe", dependencies: ["CConfinementProbe", "ProcessHardening"],
            path: "Tests/ConfinementProbe"),
        .target(name: "CConfinementProbe", path: "Tests/CConfinementProbe"),
        // A token's process that answers wrongly.
        .executableTarget(name: "HostileToken", path: "Tests/HostileToken"),
        // The entry of libFuzzer.
        .target(name: "CFuzz", path: "Tests/CFuzz"),

        // MARK: Tests

        .testTarget(
            name: "AWSKMSAPITests",
            dependencies: ["AWSKMSAPI", "Encodings", "KeyManagement", "KMSTesting", crypto, logging, nioCore]),
        // Faults, crashes and hostile surroundings.
        .testTarget(
            name: "AdversityTests",
            dependencies: [
                "KeyManagement", "kms", "KMSTesting", "SecretMemory", "ServiceTesting", "ThreadExecutor",
                "TokenProcess", crypto, logging,
            ] + httpClient),
        .testTarget(
            name: "AuditFilesTests",
            dependencies: ["AuditFiles", "KeyManagement", "KMSTesting", "LibCrypto", crypto, logging]),
        .testTarget(name: "CachingTests", dependencies: ["Caching"]),
        // Commands against a real service.
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "AuditFiles", "ColumnEncryption", "KeyManagement", "kms", "KMSTesting", "ServiceTesting",
                "ThreadExecutor", crypto, logging,
            ] + httpClient),
        .testTarget(
            name: "FaultyPKCS11Tests", dependencies: ["FaultyPKCS11", "KMSTesting", "PKCS11", "ThreadExecutor"]),
        .testTarget(
            name: "FileEncryptionTests",
            dependencies: [
                "FileEncryption", "KeyManagement", "KMSTesting", "LibCrypto", "SecretMemory", "ThreadExecutor", crypto,
            ]),
        // Every parser of outside bytes, with a corpus; under libFuzzer for scripts/fuzz.
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "AuditFiles", "AWSKMSAPI", "CFuzz", "FileEncryption", "HTTPServing", "IdentityJWT", "JSONText",
                "KeyManagement", "kms", "KMSAPI", "KMSClient", "LibCrypto", "OIDCLogin", "PKCS11", "SecretMemory",
                "TokenProcess",
                crypto, hummingbird, httpTypes, nioCore,
            ], exclude: ["Corpora"], linkerSettings: libFuzzer),
        .testTarget(
            name: "IdentityJWTTests",
            dependencies: ["IdentityJWT", "KeyManagement", "KMSTesting", hummingbird, lifecycle, logging, nioCore]),
        .testTarget(
            name: "KMSAPITests",
            dependencies: [
                "AWSKMSAPI", "Encodings", "HTTPServing", "JSONText", "KeyManagement", "KMSAPI", "KMSTesting",
                "LibCrypto", "SecretMemory", "ThreadExecutor", hummingbird, lifecycle, logging, crypto, httpTypes,
                hummingbirdTesting, nioCore, nioPosix, nioSSL,
            ]),
        .testTarget(
            name: "KMSClientTests",
            dependencies: [
                "KeyManagement", "KMSClient", "SecretMemory", crypto, hummingbird, logging, httpTypes,
                hummingbirdTesting,
            ]),
        .testTarget(name: "KMSTests", dependencies: ["kms", "KMSTesting", "ThreadExecutor"]),
        .testTarget(
            name: "KeyManagementTests",
            dependencies: [
                "Encodings", "KeyManagement", "KMSTesting", "SecretMemory", "StoreSQLite", crypto, logging, grdb,
            ]),
        .testTarget(name: "LibCryptoTests", dependencies: ["KMSTesting", "LibCrypto", crypto]),
        .testTarget(name: "OIDCLoginTests", dependencies: ["KMSTesting", "OIDCLogin", "ThreadExecutor"]),
        // Speed and memory under load.
        .testTarget(
            name: "LoadTests", dependencies: ["kms", "KMSTesting", "ServiceTesting", "ThreadExecutor"] + httpClient),
        .testTarget(name: "PKCS11Tests", dependencies: ["CPKCS11", "KMSTesting", "PKCS11"]),
        .testTarget(name: "ProcessHardeningTests", dependencies: ["ConfinementProbe", "KMSTesting"]),
        .testTarget(name: "SecretMemoryTests", dependencies: ["KMSTesting", "SecretMemory"]),
        .testTarget(
            name: "StorePostgresTests",
            dependencies: ["KeyManagement", "KMSTesting", "StorePostgres", "ThreadExecutor"]),
        .testTarget(name: "StoreSQLiteTests", dependencies: ["KeyManagement", "KMSTesting", "StoreSQLite", grdb]),
        .testTarget(name: "ThreadExecutorTests", dependencies: ["SystemClock", "ThreadExecutor"]),
        .testTarget(
            name: "TokenPKCS11Tests",
            dependencies: [
                "AuditFiles", "KeyManagement", "KMSTesting", "LibCrypto", "PKCS11", "SecretMemory", "TokenPKCS11",
                crypto, logging,
            ]),
        .testTarget(
            name: "TokenProcessTests",
            dependencies: ["HostileToken", "KeyManagement", "SecretMemory", "TokenProcess", logging]),
        // Published vectors through the real token; scripts/vectors fetches them.
        .testTarget(name: "VectorTests", dependencies: ["KMSTesting", "LibCrypto", "PKCS11"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
