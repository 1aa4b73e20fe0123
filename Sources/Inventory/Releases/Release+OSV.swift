extension Release {
    /// The names under which OSV keeps advisories for this release, the one that counts most first. Empty when there are none:
    /// its packages are *unknown* then, not clean.
    ///
    /// Source: OSV schema 1.7, "Defined ecosystems", and the records themselves.
    public var osvEcosystems: [String] {
        switch id {
        case "debian": return ["Debian:\(major.isEmpty ? "sid" : major)"]
        case "ubuntu": return version.isEmpty ? [] : ["Ubuntu:\(version)\(isUbuntuLTS ? ":LTS" : "")"]
        case "alpine": return [alpineBranch].compactMap { $0.map { "Alpine:\($0)" } }
        case "wolfi": return ["Wolfi"]
        case "chainguard": return ["Chainguard"]
        case "minimos": return ["MinimOS"]
        case "cleanstart": return ["CleanStart"]
        case "alpaquita": return ["Alpaquita:\(version.isEmpty ? "stream" : major)"]
        case "bellsoft-hardened-containers":
            return ["BellSoft Hardened Containers:\(version.isEmpty ? "stream" : major)"]
        case "almalinux": return major.isEmpty ? [] : ["AlmaLinux:\(major)"]
        case "rocky": return major.isEmpty ? [] : ["Rocky Linux:\(major)"]
        case "rhel": return redHatEcosystems
        case "opensuse-leap", "opensuse": return version.isEmpty ? [] : ["openSUSE:Leap \(version)"]
        case "opensuse-tumbleweed": return ["openSUSE:Tumbleweed"]
        case "sles", "sles_sap", "sle_hpc", "sled", "sle-micro", "sl-micro", "suse-microos": return suseEcosystems
        case "mageia": return major.isEmpty ? [] : ["Mageia:\(major)"]
        case "openeuler": return version.isEmpty ? [] : ["openEuler:\(openEulerVersion)"]
        case "azurelinux", "mariner": return major.isEmpty ? [] : ["Azure Linux:\(major)"]
        case "photon": return version.isEmpty ? [] : ["Photon OS:\(version)"]
        default: return []
        }
    }

    /// purl namespace of its packages: `debian`, `redhat`, `opensuse`.
    public var vendor: String {
        switch id {
        case "rhel": "redhat"
        case "rocky": "rocky-linux"
        case "sles", "sles_sap", "sle_hpc", "sled", "sle-micro", "sl-micro", "suse-microos": "suse"
        case let id where id.hasPrefix("opensuse"): "opensuse"
        default: id
        }
    }

    private var major: String { String(version.prefix { $0 != "." && $0 != "_" }) }

    /// Long-term releases come in April of even years.
    private var isUbuntuLTS: Bool {
        guard version.hasSuffix(".04"), let year = Int(version.dropLast(3)) else { return false }
        return year % 2 == 0
    }

    /// `v3.18` of `3.18.4`; snapshots (`3.21_alpha20240923`) are edge.
    private var alpineBranch: String? {
        if version.contains("_") { return "edge" }
        let parts = version.split(separator: ".")
        guard parts.count >= 2, parts[0].allSatisfy(\.isNumber), parts[1].allSatisfy(\.isNumber) else {
            return version == "edge" ? "edge" : nil
        }
        return "v\(parts[0]).\(parts[1])"
    }

    /// The CPE says `baseos` only, yet every image of a release may have packages of its AppStream.
    private var redHatEcosystems: [String] {
        guard let cpe, let range = cpe.firstRange(of: ":redhat:") else {
            guard !major.isEmpty else { return [] }
            return ["Red Hat:enterprise_linux:\(major)::baseos", "Red Hat:enterprise_linux:\(major)::appstream"]
        }
        let product = String(cpe[range.upperBound...])
        guard product.hasSuffix("::baseos") else { return ["Red Hat:\(product)"] }
        return ["Red Hat:\(product)", "Red Hat:\(product.dropLast("baseos".count))appstream"]
    }

    /// SUSE names a service pack where `VERSION_ID` has a second number, and keeps most of version 15 in a module.
    private var suseEcosystems: [String] {
        let parts = version.split(separator: ".")
        guard let number = parts.first else { return [] }
        if id.contains("micro") { return ["SUSE:Linux Enterprise Micro \(version)"] }
        let pack = parts.count > 1 && parts[1] != "0" ? "\(number) SP\(parts[1])" : String(number)
        let products = [
            "sles": "Server", "sles_sap": "Server for SAP Applications", "sle_hpc": "High Performance Computing",
            "sled": "Desktop",
        ]
        var names = ["SUSE:Linux Enterprise \(products[id] ?? "Server") \(pack)"]
        if number == "15" { names.append("SUSE:Linux Enterprise Module for Basesystem \(pack)") }
        return names
    }

    /// `24.03-LTS-SP1` of `openEuler 24.03 (LTS-SP1)`.
    private var openEulerVersion: String {
        guard let codename, codename.hasPrefix("lts") else { return version }
        return "\(version)-\(codename.uppercased())"
    }
}
