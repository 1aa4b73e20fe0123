import OCI

extension RegistryTag.ArtifactKind {
    /// What a tag's name gives away: cosign hangs its signatures, attestations and SBOMs on an image as
    /// `sha256-<digits>.sig`, `.att` and `.sbom`, and the name without an ending is the list of what refers to an image.
    ///
    /// Nil for other names. Source: cosign, specs/SIGNATURE_SPEC.md; OCI distribution specification 1.1, "Referrers tag schema".
    init?(tagName: String) {
        guard tagName.hasPrefix("sha256-") || tagName.hasPrefix("sha512-") else { return nil }
        let rest = tagName.dropFirst(7)
        let digits = rest.prefix { $0 != "." }
        guard digits.utf8.count >= 32, digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else {
            return nil
        }
        switch rest.dropFirst(digits.count) {
        case "": self = .other
        case ".sig": self = .signature
        case ".att": self = .attestation
        case ".sbom": self = .sbom
        default: return nil
        }
    }

    /// What a type gives away that a registry or a manifest names: an `artifactType`, a configuration's media type, Harbor's
    /// own word. Nil for types that say nothing.
    init?(typeName: String) {
        let name = typeName.lowercased()
        let words: [(String, RegistryTag.ArtifactKind)] = [
            ("helm", .chart), ("chart", .chart), ("signature", .signature), ("cosign.simplesigning", .signature),
            ("dev.sigstore.bundle", .signature), ("in-toto", .attestation), ("attestation", .attestation),
            ("spdx", .sbom), ("cyclonedx", .sbom), ("syft", .sbom), ("sbom", .sbom),
        ]
        if let found = words.first(where: { name.contains($0.0) }) {
            self = found.1
        } else if name == "image" || name == MediaType.imageConfiguration.rawValue
            || name == MediaType.dockerConfiguration.rawValue
        {
            self = .image
        } else {
            return nil
        }
    }

    /// Whether it is listed though nobody asked for artifacts.
    var isListed: Bool { self == .image }
}
