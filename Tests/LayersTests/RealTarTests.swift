import Foundation
import ImageFixtures
import Layers
import Testing

/// Archives as GNU tar writes them, against the directory that it wrote them from.
@Suite(.enabled(if: Tool.isInstalled("tar"), "tar is not installed"))
struct RealTarTests {
    private static let options: [[String]] = [
        ["--format=v7"], ["--format=oldgnu"], ["--format=gnu"], ["--format=ustar"], ["--format=posix"],
        ["--format=gnu", "--sparse"], ["--format=oldgnu", "--sparse"],
        ["--format=posix", "--sparse", "--sparse-version=0.0"], ["--format=posix", "--sparse", "--sparse-version=0.1"],
        ["--format=posix", "--sparse", "--sparse-version=1.0"],
        ["--format=posix", "--pax-option=globexthdr.name=global,comment:=global"], ["--format=gnu", "--gzip"],
        ["--format=gnu", "--blocking-factor=1"], ["--format=gnu", "--absolute-names"],
    ]

    @Test(arguments: options)
    func archiveHoldsWhatTheDirectoryHolds(options: [String]) async throws {
        try await Tool.withDirectory { directory in
            let isShort = options[0] == "--format=v7" || options[0] == "--format=ustar"
            try Self.fill("\(directory)/root", withLongNames: !isShort)
            let archive = "\(directory)/archive"
            try await Tool.run("tar", ["-C", "\(directory)/root", "-c", "-f", archive] + options + ["."])
            let blob = Array(try Data(contentsOf: URL(fileURLWithPath: archive)))
            let layer = try read(blob, chunk: 1000, selector: WholeFiles(limit: 64 << 20))
            #expect(layer.completeness == .complete)
            let system = FileSystem(layers: [layer])
            let expected = try Tool.files(below: "\(directory)/root")
            #expect(expected.count > 10)
            #expect(Set(system.files().map(\.path)) == Set(expected.keys))
            for file in system.files() where file.kept.bytes != expected[file.path] {
                Issue.record("\(file.path) differs")
            }
            #expect(system.file(at: "link/to/b")?.path == "a/b")
            #expect(layer.counts.repairedPaths == 0)
        }
    }

    private static func fill(_ root: String, withLongNames: Bool) throws {
        func write(_ path: String, _ bytes: [UInt8]) throws {
            let url = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: url)
        }
        let manager = FileManager.default
        try write("a/b", Array("content".utf8))
        for size in [0, 1, 511, 512, 513, 10_240, 300_000] {
            try write("sizes/\(size)", (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        }
        try write("ünïcode/名前 with blanks\nand a line", [1])
        try manager.createDirectory(atPath: "\(root)/link", withIntermediateDirectories: true)
        try manager.createSymbolicLink(atPath: "\(root)/link/to", withDestinationPath: "../a")
        try manager.linkItem(atPath: "\(root)/a/b", toPath: "\(root)/a/hard")
        try manager.createDirectory(atPath: "\(root)/empty", withIntermediateDirectories: true)
        if withLongNames {
            let deep = (0..<12).map { "directory-number-\($0)-of-some" }.joined(separator: "/")
            try write("\(deep)/\(String(repeating: "n", count: 200))", Array("deep".utf8))
            try manager.createSymbolicLink(atPath: "\(root)/long", withDestinationPath: "\(deep)/\(deep)")
            try manager.linkItem(atPath: "\(root)/\(deep)/\(String(repeating: "n", count: 200))", toPath: "\(root)/z")
        }
        // Many pieces, a hole at the end, and nothing but a hole.
        for (name, pieces) in [("many", 40), ("few", 2), ("none", 0)] {
            try write("sparse/\(name)", [])
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(root)/sparse/\(name)"))
            for piece in 0..<pieces {
                try file.seek(toOffset: UInt64(piece * 65_536 + 32_768))
                try file.write(contentsOf: Data(repeating: UInt8(piece + 1), count: 5000))
            }
            try file.truncate(atOffset: 4 << 20)
            try file.close()
        }
    }
}
