import ImageFixtures
import OCI

/// Images of Debian for scans through the service: a base that all share, and a layer of their own.
enum DebianImage {
    static let release = "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n"

    /// A dpkg status file of packages in one version.
    static func status(_ packages: [String: String]) -> String {
        packages.sorted { $0.key < $1.key }.map { name, version in
            "Package: \(name)\nStatus: install ok installed\nVersion: \(version)\nArchitecture: amd64\nDescription: x\n"
        }.joined(separator: "\n")
    }

    /// An image that holds `packages`; `padding` bytes that do not compress make its own layer take some time to pull.
    static func make(_ packages: [String: String], padding: Int = 0) throws -> ImageFixture {
        var image = ImageFixture()
        try image.add(.none) { tar in
            tar.file("etc/os-release", release)
            tar.file("var/lib/dpkg/status", status(["base": "1"]))
        }
        var state = packages.keys.sorted().joined().utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let noise = (0..<padding).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        }
        try image.add(.gzip) { tar in
            tar.file(Array("noise".utf8), noise)
            tar.file("var/lib/dpkg/status", status(packages.merging(["base": "1"]) { $1 }))
        }
        return image
    }

    /// One record of advisories for Debian 12 in OSV's form; nil where no version is fixed.
    static func advice(_ id: String, package: String, fixed: String?) -> String {
        let end = fixed.map { ",{\"fixed\":\"\($0)\"}" } ?? ""
        return """
            {"schema_version":"1.7.0","id":"\(id)","modified":"2026-11-20T00:00:00Z","summary":"a flaw",\
            "affected":[{"package":{"ecosystem":"Debian:12","name":"\(package)"},\
            "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}\(end)]}]}]}
            """
    }
}
