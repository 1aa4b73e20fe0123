import OCI

/// Which variant of an image is read.
struct PlatformChoice: Sendable {
    /// What was asked for; nil: whatever there is, and where there is a choice, linux/amd64.
    let asked: Platform?

    /// What is looked for in an index.
    var wanted: Platform { asked ?? .linuxAMD64 }

    /// Whether an image that stands in no index may be read for it.
    func takes(_ actual: Platform?) -> Bool {
        guard let asked, let actual else { return true }
        return actual.os == asked.os && actual.architecture == asked.architecture
            && (asked.variant == nil || actual.variant == nil || actual.variant == asked.variant)
    }
}

extension ScanError {
    static func noVariant(_ image: String, for platform: Platform, offered: [Platform]) -> ScanError {
        let list = offered.prefix(20).map(\.description).joined(separator: ", ")
        return ScanError(
            .platformNotFound,
            "\(image) has no variant for \(platform)",
            hint: list.isEmpty ? nil : "It has \(list)"
        )
    }
}

extension ImageIndex {
    /// The platforms that it offers, each once.
    var platforms: [Platform] {
        var seen: Set<Platform> = []
        return images.compactMap(\.platform).filter { seen.insert($0).inserted }
    }
}
