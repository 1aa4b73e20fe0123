import Layers

/// What an rpm header says of an installed package.
struct RPMPackage: Sendable {
    private let package: Package
    private let files: [PathHash]

    /// Nil for the keys that rpm keeps among its packages. Throws when the header names no package.
    init?(_ header: RPMHeader) throws(UnreadableFile) {
        guard let name = header.text(.name) else { throw UnreadableFile("a package header without a name") }
        if name == "gpg-pubkey" { return nil }
        guard let version = header.text(.version), let release = header.text(.release) else {
            throw UnreadableFile("\(name) has no version")
        }
        let epoch = header.number(.epoch).flatMap { $0 == 0 ? nil : "\($0):" } ?? ""
        package = Package(
            kind: .rpm,
            name: name,
            version: "\(epoch)\(version)-\(release)",
            architecture: header.text(.architecture),
            source: RPMPackage.source(header.text(.sourceRPM), epoch: epoch),
            licenses: header.text(.license).map { [$0] } ?? [],
            locations: [],
            modularityLabel: header.text(.modularityLabel)
        )
        files = header.files
    }

    /// How many files it has.
    var fileCount: Int { files.count }

    /// Adds the package and its files.
    func add(to reading: inout FileReading, withFiles: Bool = true) throws(UnreadableFile) {
        try reading.add(package)
        if withFiles, !files.isEmpty { reading.ownership.append(OwnedFiles(owner: package.name, paths: files)) }
    }

    /// `util-linux-2.32.1-42.el8_8.src.rpm`. A source package has the epoch of its packages, though its file name has none.
    private static func source(_ file: String?, epoch: String) -> Package.Source? {
        guard let file, let suffix = [".nosrc.rpm", ".src.rpm"].first(where: file.hasSuffix) else { return nil }
        let parts = file.dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let release = parts.last else { return nil }
        return Package.Source(
            name: parts.dropLast(2).joined(separator: "-"),
            version: "\(epoch)\(parts[parts.count - 2])-\(release)"
        )
    }
}
