// swift-tools-version: 6.2
import PackageDescription

// The engine of `pratique inspect`, with the instruments of libFuzzer. A package of its own, since they are for every target of a
// build and the service never has them; `make fuzz` builds and runs it. `Sources` links to the sources of the main package.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
]

extension Target.Dependency {
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
}

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        .systemLibrary(name: "CInflate"),
        .systemLibrary(name: "CArchive"),
        .target(name: "OCI", dependencies: [.crypto], swiftSettings: house),
        .target(name: "Layers", dependencies: ["OCI", "CInflate", .crypto], swiftSettings: house),
        .target(name: "Inventory", dependencies: ["OCI", "Layers", "CInflate", .crypto], swiftSettings: house),
        .target(
            name: "Advisories",
            dependencies: ["Inventory", "CArchive", .crypto, .grdb, .grdbSQLite],
            swiftSettings: house
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: ["OCI", "Layers", "Inventory", "Advisories"],
            path: "Harness",
            swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
    ]
)
