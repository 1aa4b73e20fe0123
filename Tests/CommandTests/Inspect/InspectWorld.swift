import Foundation
import ImageFixtures
import OCI

/// A folder with an OCI layout and advisories for `pratique inspect`.
struct InspectWorld {
    let folder: TemporaryFolder

    /// Of a Debian with a source of three binary packages, one of them flawed in many ways, and of a Node package that nobody knows of.
    static let packages = [
        "liba 1.0 many", "libb 1.0 many", "libc 1.0 many", "tiny 2.0", "other 3.0",
    ]

    var layout: String { folder.path + "/layout" }
    var advisories: String { folder.path + "/advisories.sqlite" }
    /// Where the database is looked for when nobody says so is empty.
    var variables: [String: String] {
        ["HOME": folder.path, "XDG_DATA_HOME": folder.path + "/data", "PRATIQUE_ADVISORIES": advisories]
    }

    init() async throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: layout, withIntermediateDirectories: false)
        var layout = LayoutFixture()
        let whole = try InspectWorld.image()
        layout.add(whole, tag: "whole")
        var part = whole
        part.layers[1].blob = [1, 2, 3]
        layout.add(part, tag: "part")
        let arm = try InspectWorld.image(Platform(os: "linux", architecture: "arm64", variant: "v8"))
        layout.add(indexOf: [whole, arm], tag: "multi")
        layout.add(arm, tag: "arm")
        var damaged = whole
        try damaged.add { $0.file("app/lib.jar", "PK\u{3}\u{4} and no more") }
        layout.add(damaged, tag: "damaged")
        layout.add(try InspectWorld.image(packages: ["vague 1.0"]), tag: "vague")
        try layout.write(to: self.layout)
        let records = try writeAdvice()
        let run = try await CommandRun(["advisory", "import", records], variables: variables)
        guard run.exitCode == 0 else { throw NotMade(complaints: run.complaints) }
    }

    struct NotMade: Error {
        let complaints: String
    }

    func reference(_ tag: String) -> String { "oci:\(layout):\(tag)" }

    static func image(
        _ platform: Platform = .linuxAMD64,
        packages: [String] = InspectWorld.packages
    ) throws -> ImageFixture {
        var image = ImageFixture()
        image.platform = platform
        let status = packages.map { package in
            let words = package.split(separator: " ")
            let source = words.count > 2 ? "Source: \(words[2])\n" : ""
            return
                "Package: \(words[0])\nStatus: install ok installed\nArchitecture: \(platform.architecture)\n\(source)"
                + "Version: \(words[1])\n"
        }
        try image.add { tar in
            tar.file("etc/os-release", "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
            tar.file("var/lib/dpkg/status", status.joined(separator: "\n"))
        }
        try image.add { $0.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#) }
        return image
    }

    /// Twenty flaws of the source `many`, the first of them high, a low one of `tiny`, and one of `vague` whose severity nobody knows.
    private func writeAdvice() throws -> String {
        let records = folder.path + "/osv"
        try FileManager.default.createDirectory(atPath: records, withIntermediateDirectories: false)
        for number in 0..<20 {
            let vector = number == 0 ? "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" : "AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"
            try write("CVE-2026-\(1000 + number)", "many", vector, to: records)
        }
        try write("CVE-2026-2000", "tiny", "AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N", to: records)
        try write("CVE-2026-3000", "vague", nil, to: records)
        return records
    }

    private func write(_ id: String, _ package: String, _ vector: String?, to folder: String) throws {
        let severity = vector.map { #""severity":[{"type":"CVSS_V3","score":"CVSS:3.1/\#($0)"}],"# } ?? ""
        let record = """
            {"id":"\(id)","modified":"2026-11-20T00:00:00Z","summary":"a flaw of \(package)",\
            \(severity)\
            "affected":[{"package":{"ecosystem":"Debian:12","name":"\(package)"},\
            "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"9"}]}]}]}
            """
        try Data(record.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(id).json"))
    }
}
