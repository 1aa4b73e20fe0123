import Foundation
import Layers
import OCI

@testable import Advisories
@testable import Inventory

/// What libFuzzer's bytes are read as; `PRATIQUE_FUZZ_TARGET` chooses. Each reads foreign bytes of one kind.
enum FuzzTarget: String, CaseIterable {
    case tar, gzip, dpkg, apk, rpmSQLite, rpmNDB, rpmBerkeleyDB, jar, jarStream, elf, osv, manifest, reference, json

    /// The one that the environment names.
    static let chosen = FuzzTarget(rawValue: ProcessInfo.processInfo.environment["PRATIQUE_FUZZ_TARGET"] ?? "") ?? .tar

    /// Reads one input of libFuzzer's; 0 says that it may be kept.
    func read(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        read(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }

    /// Reads the bytes. Returning is all that is asked of it: a trap, a hang or memory without bound is what is looked for.
    func read(_ bytes: [UInt8]) {
        switch self {
        case .tar, .gzip: layer(bytes)
        case .dpkg: inventory("var/lib/dpkg/status", bytes)
        case .apk: inventory("lib/apk/db/installed", bytes)
        case .rpmSQLite: inventory("usr/lib/sysimage/rpm/rpmdb.sqlite", bytes)
        case .rpmNDB: inventory("usr/lib/sysimage/rpm/Packages.db", bytes)
        case .rpmBerkeleyDB: inventory("var/lib/rpm/Packages", bytes)
        case .jar: inventory("app/a.jar", bytes)
        case .jarStream: archive(bytes)
        case .elf: inventory("usr/bin/app", bytes, mode: 0o755)
        case .osv: _ = try? OSVReader.read(bytes)
        case .manifest:
            _ = try? ManifestDocument(bytes)
            _ = try? ImageConfiguration(json: bytes)
        case .reference: _ = try? ImageReference(String(decoding: bytes, as: UTF8.self))
        case .json:
            let paths = [
                "node_modules/a/package.json", "app/package-lock.json", "vendor/composer/installed.json",
                "app/a.deps.json",
            ]
            for path in paths {
                inventory(path, bytes)
            }
        }
    }

    private func layer(_ bytes: [UInt8]) {
        var limits = LayerLimits()
        limits.uncompressedBytes = 16 << 20
        limits.keptBytes = 2 << 20
        var reader = LayerReader(
            expecting: LayerExpectation(digest: nil, sizeInBytes: Int64(bytes.count)),
            selector: Catalog(),
            limits: limits
        )
        bytes.withUnsafeBytes { _ = reader.write($0) }
        guard let contents = try? reader.finish() else { return }
        _ = FileSystem(layers: [contents, contents], limits: limits).files()
    }

    /// As a large archive is read, of which little is held.
    private func archive(_ bytes: [UInt8]) {
        guard var reader = SiftedArchiveReader(name: "a.war", sizeInBytes: bytes.count) else { return }
        bytes.withUnsafeBytes { whole in
            for start in stride(from: 0, to: whole.count, by: 4096) {
                reader.read(UnsafeRawBufferPointer(rebasing: whole[start..<min(start + 4096, whole.count)]))
            }
        }
        _ = try? reader.finish()
    }

    private func inventory(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644) {
        let catalog = Catalog()
        let entry = LayerEntry(path: path, kind: .file, sizeInBytes: Int64(bytes.count), mode: mode)
        let content: KeptFile.Content
        switch catalog.interest(in: entry) {
        case .none: return
        case .whole(let limit):
            guard bytes.count <= limit else { return }
            content = .bytes(bytes)
        case .streamed(var reader):
            bytes.withUnsafeBytes { reader.read($0) }
            guard let reading = try? reader.finish() else { return }
            content = .reading(reading)
        }
        _ = catalog.inventory(of: [(KeptFile(entry: entry, content: content), 0)], history: [:])
    }
}

/// libFuzzer's library names it, though ``main(_:_:)`` is what gives it the inputs.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.read(start, count)
}
