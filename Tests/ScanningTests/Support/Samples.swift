import ImageFixtures
import Inventory
import Layers
import OCI
import Scanning

/// What the images of these tests consist of.
enum Sample {
    static let debian =
        "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"

    /// A dpkg status file of packages, each `name version` or `name version source`.
    static func status(_ packages: [String]) -> String {
        packages.map { package in
            let words = package.split(separator: " ").map(String.init)
            let source = words.count > 2 ? "Source: \(words[2])\n" : ""
            return """
                Package: \(words[0])
                Status: install ok installed
                Architecture: amd64
                \(source)Version: \(words[1])
                Description: a package

                """
        }.joined(separator: "\n")
    }

    /// An image of Debian with one layer for each list of packages; each layer rewrites the package database whole.
    static func image(
        _ lists: [[String]],
        flavor: ImageFixture.Flavor = .oci,
        platform: Platform = .linuxAMD64
    ) throws -> ImageFixture {
        var image = ImageFixture()
        image.flavor = flavor
        image.platform = platform
        for (index, packages) in lists.enumerated() {
            try image.add { tar in
                if index == 0 { tar.file("etc/os-release", debian) }
                tar.file("var/lib/dpkg/status", status(packages))
            }
        }
        return image
    }
}

extension ScannedImage {
    /// `kind name version @layer` of each package.
    var listing: [String] {
        inventory.packages.map { package in
            let layer = package.locations.first?.layer.map(String.init) ?? "?"
            return "\(package.kind.rawValue) \(package.fullName) \(package.version) @\(layer)"
        }
    }

    /// Why each layer is incomplete; nil for those that are not.
    var reasons: [String?] {
        layers.map { layer in
            if case .incomplete(let reason) = layer.completeness { reason.description } else { nil }
        }
    }
}
