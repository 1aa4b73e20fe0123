// swift-tools-version: 6.2
import PackageDescription

// The house rules of the language, for every target of ours (docs/decisions.md says why).
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioFoundationCompat = product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "pratique",
    products: [.executable(name: "pratique", targets: ["pratique"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // Imports point up this list only; Tests/HouseTests holds the import lines against it.
        .target(name: "CProcess"),
        .systemLibrary(name: "CInflate"),
        .systemLibrary(name: "CArchive"),
        .systemLibrary(name: "CSQLite"),
        .target(name: "OCI", dependencies: [.crypto], swiftSettings: house),
        .target(name: "Sealing", dependencies: [.crypto], swiftSettings: house),
        .target(name: "Tenancy", dependencies: [.crypto], swiftSettings: house),
        .target(
            name: "Registries",
            dependencies: [
                "OCI", "Sealing", .asyncHTTPClient, .crypto, .logging, .nioCore, .nioFoundationCompat, .nioHTTP1,
                .nioPosix, .nioSSL,
            ],
            swiftSettings: house
        ),
        .target(name: "Layers", dependencies: ["OCI", "CInflate", .crypto], swiftSettings: house),
        .target(
            name: "Inventory",
            dependencies: ["OCI", "Layers", "CInflate", .crypto],
            swiftSettings: house
        ),
        .target(
            name: "Advisories",
            dependencies: ["Inventory", "CArchive", .crypto, .grdb, .grdbSQLite],
            swiftSettings: house
        ),
        .target(
            name: "Scanning",
            dependencies: [
                "OCI", "Sealing", "Tenancy", "Registries", "Layers", "Inventory", "Advisories", "Storage", .crypto,
                .logging, .nioCore, .serviceLifecycle, .subprocess,
            ],
            swiftSettings: house
        ),
        .target(
            name: "Storage",
            dependencies: [
                "CSQLite", "OCI", "Sealing", "Tenancy", "Registries", "Inventory", "Advisories", .logging,
            ],
            swiftSettings: house
        ),
        .target(
            name: "Server",
            dependencies: [
                "CProcess", "OCI", "Sealing", "Tenancy", "Registries", "Inventory", "Advisories", "Storage", "Scanning",
                .hummingbird, .hummingbirdCore, .hummingbirdTLS, .configuration, .crypto, .httpTypes, .logging,
                .nioCore, .nioFoundationCompat, .nioHTTPTypes, .nioPosix, .nioSSL, .serviceLifecycle, .unixSignals,
                .yams,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "pratique",
            dependencies: [
                "OCI", "Registries", "Layers", "Inventory", "Advisories", "Scanning", "Server", "Sealing", "Storage",
                .argumentParser, .asyncHTTPClient, .configuration, .logging, .nioCore,
                .nioHTTP1, .nioPosix, .nioSSL, .nioFoundationCompat, .httpTypes,
            ],
            swiftSettings: house
        ),
        // The bench's ceilings: a bare route and raw SQLite, to say how far from the metal the service is.
        .executableTarget(
            name: "ceilings",
            dependencies: [.hummingbird, .httpTypes, .grdb, .argumentParser],
            path: "Benchmarks/Ceilings",
            swiftSettings: house
        ),
        // Fills a database for the bench of scans.
        .executableTarget(
            name: "seed-scans",
            dependencies: ["Advisories", "Inventory", "OCI", "Storage", "Tenancy", .argumentParser],
            path: "Benchmarks/Seeds",
            swiftSettings: house
        ),
        .target(
            name: "TestSupport",
            dependencies: [
                "OCI", "Sealing", "Tenancy", "Registries", "RegistryStubs", "Inventory", "Advisories", "Storage",
                "Scanning", "Server", "ImageFixtures",
                .asyncHTTPClient,
                .crypto, .hummingbird, .logging, .nioCore, .nioFoundationCompat, .nioHTTP1, .nioSSL, .subprocess,
            ],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        // Servers that keep the registries' rules. Apart from TestSupport, which needs the whole service, so that the tests of
        // Registries build without it, and so that a script can start them.
        .target(
            name: "RegistryStubs",
            dependencies: ["OCI", "Registries", .crypto, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .subprocess],
            path: "Tests/RegistryStubs",
            swiftSettings: house
        ),
        .executableTarget(
            name: "stub-registries",
            dependencies: ["RegistryStubs", .argumentParser],
            path: "Tests/StubRegistriesTool",
            swiftSettings: house
        ),
        // Images made in code, for the tests of everything that reads some.
        .target(
            name: "ImageFixtures",
            dependencies: ["OCI", "CInflate", .crypto, .subprocess],
            path: "Tests/ImageFixtures",
            swiftSettings: house
        ),
        .testTarget(name: "OCITests", dependencies: ["OCI", .crypto], swiftSettings: house),
        .testTarget(
            name: "LayersTests",
            dependencies: ["Layers", "OCI", "CInflate", "ImageFixtures", .crypto, .subprocess],
            swiftSettings: house
        ),
        .testTarget(
            name: "InventoryTests",
            dependencies: ["Inventory", "Layers", "OCI", .crypto, .grdbSQLite, .subprocess],
            swiftSettings: house
        ),
        .testTarget(
            name: "AdvisoriesTests",
            dependencies: ["Advisories", "CArchive", "Inventory", "OCI", .grdb, .subprocess],
            swiftSettings: house
        ),
        .testTarget(
            name: "ScanningTests",
            dependencies: [
                "Scanning", "OCI", "Registries", "Layers", "Inventory", "Advisories", "Sealing", "Storage", "Tenancy",
                "ImageFixtures", "RegistryStubs", "TestSupport", .crypto, .logging, .nioCore, .subprocess,
            ],
            swiftSettings: house
        ),
        .testTarget(name: "SealingTests", dependencies: ["Sealing", "TestSupport", .crypto], swiftSettings: house),
        .testTarget(name: "TenancyTests", dependencies: ["Tenancy", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "RegistriesTests",
            dependencies: [
                "Registries", "OCI", "Sealing", "RegistryStubs", .crypto, .logging, .nioCore, .nioPosix, .nioSSL,
                .subprocess, .yams,
            ],
            swiftSettings: house
        ),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport", .grdb], swiftSettings: house),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "ImageFixtures", "OCI", "Registries", "RegistryStubs", "Sealing", "Inventory", "Advisories",
                "Storage",
                "Tenancy",
                "TestSupport",
                .asyncHTTPClient,
                .httpTypes, .hummingbird, .nioCore, .nioEmbedded, .subprocess,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "pratique", "Advisories", "ImageFixtures", "Inventory", "OCI", "Registries", "RegistryStubs",
                "Scanning",
                "Sealing", "TestSupport", .argumentParser, .subprocess,
            ],
            swiftSettings: house
        ),
        .testTarget(name: "HouseTests", swiftSettings: house),
    ]
)
