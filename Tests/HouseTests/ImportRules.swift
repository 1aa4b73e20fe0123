/// Who may import what. Source: house.md, section 2: imports point up the list only.
enum ImportRules {
    /// Targets of ours, each with those of ours that it may import.
    static let ours: [String: Set<String>] = [
        "CProcess": [],
        "Sealing": [],
        "Tenancy": [],
        "CInflate": [],
        "CArchive": [],
        "CSQLite": [],
        "OCI": [],
        "Registries": ["OCI", "Sealing"],
        "Layers": ["OCI", "CInflate"],
        "Inventory": ["OCI", "Layers", "CInflate"],
        "Advisories": ["Inventory", "CArchive"],
        "Scanning": ["OCI", "Sealing", "Tenancy", "Registries", "Layers", "Inventory", "Advisories", "Storage"],
        "Storage": ["CSQLite", "OCI", "Sealing", "Tenancy", "Registries", "Inventory", "Advisories"],
        "Server": [
            "CProcess", "OCI", "Sealing", "Tenancy", "Registries", "Inventory", "Advisories", "Storage", "Scanning",
        ],
        // `keyring` and `doctor` work on the keys and the files where no server runs.
        "pratique": [
            "Server", "Sealing", "Storage", "OCI", "Registries", "Layers", "Inventory", "Advisories", "Scanning",
        ],
    ]

    /// Modules of others that belong to few targets: the engine stays behind the database's seam, and HTTP stays at the edge.
    static let restricted: [String: Set<String>] = [
        "GRDB": ["Advisories"],
        "Hummingbird": ["Server"],
        "HummingbirdTLS": ["Server"],
        "ArgumentParser": ["pratique"],
        "Crypto": ["Sealing", "Tenancy", "Server", "OCI", "Registries", "Layers", "Inventory", "Advisories"],
        "Yams": ["Server"],
    ]

    /// Everything that the pure targets may import at all.
    static let closed: [String: Set<String>] = [
        "Sealing": ["Crypto", "Foundation", "Glibc", "Musl"],
        "Tenancy": ["Crypto", "Foundation"],
    ]

    /// What is wrong with the imports of `file`.
    static func violations(in file: SourceFile) -> [String] {
        file.code.compactMap { number, line in
            guard let module = module(importedBy: line) else { return nil }
            let place = "\(file.path):\(number): \(file.target) imports \(module)"
            guard let allowed = ours[file.target] else { return "\(place), and stands in no rule" }
            if ours[module] != nil, !allowed.contains(module) { return place }
            if let targets = restricted[module], !targets.contains(file.target) { return place }
            if let modules = closed[file.target], !modules.contains(module) { return place }
            return nil
        }
    }

    /// The module of an import line, whatever stands before and behind it; nil for another line.
    static func module(importedBy line: String) -> String? {
        var words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }[...]
        let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) { words = words.dropFirst() }
        guard words.first == "import" else { return nil }
        words = words.dropFirst()
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
        if let word = words.first, kinds.contains(word) { words = words.dropFirst() }
        return words.first.map { String($0.prefix { $0 != "." }) }
    }
}
