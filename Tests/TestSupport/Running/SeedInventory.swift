import Foundation
import ImageFixtures
import OCI
import Scanning
import Synchronization

/// What a scan keeps of an image of Debian packages, made by a scan.
enum SeedInventory {
    private static let known = Mutex<[[String]: [UInt8]]>([:])

    /// The inventory of an image with one layer that holds `packages`, all of version 3.0.1.
    static func of(_ packages: [String]) async throws -> [UInt8] {
        if let bytes = known.withLock({ $0[packages] }) { return bytes }
        let bytes = try await scan(packages)
        known.withLock { $0[packages] = bytes }
        return bytes
    }

    private static func scan(_ packages: [String]) async throws -> [UInt8] {
        let status = packages.map {
            "Package: \($0)\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.1\n"
        }
        var image = ImageFixture()
        try image.add(.none, createdBy: "RUN apt-get install") { tar in
            tar.file("etc/os-release", "ID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n")
            tar.file("var/lib/dpkg/status", status.joined(separator: "\n"))
        }
        var layout = LayoutFixture()
        layout.add(image, tag: "latest")
        let written = layout
        return try await Tool.withDirectory { directory async throws in
            try written.write(to: directory)
            return try await ImageScanner().scan(LayoutImage(directory: directory, tag: nil)).stored
        }
    }

    /// How complete a scan was, as a worker writes it.
    static func completeness(isWhole: Bool) -> String {
        let part = isWhole ? "" : #"{"index":0,"digest":"sha256:ab","reason":"it ends too soon"}"#
        return """
            {"advisories":{"ageInDays":0,"importedAt":"2026-11-24T00:00:00Z","newestRecordAt":"2026-11-24T00:00:00Z","records":1},\
            "bytesRead":1000,"bytesTotal":1000,"ecosystems":[{"hasAdvisories":true,"name":"Debian:13","packages":2}],\
            "incompleteLayers":[\(part)],"inventoryComplete":\(isWhole),"layersDone":\(isWhole ? 1 : 0),"layersTotal":1,\
            "uncomparablePackages":0,"unknownEcosystems":[],"unreadable":[]}
            """
    }
}
