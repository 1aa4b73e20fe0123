/// How much of the truth a scan's result holds, as the server tells it; docs/inspect.md tells every member.
struct ScanCompleteness: Decodable, Sendable {
    struct Unreadable: Decodable, Sendable {
        let path: String
    }

    let inventoryComplete: Bool
    let layersDone: Int
    let layersTotal: Int
    let unreadable: [Unreadable]
    let unknownEcosystems: [String]
    let uncomparablePackages: Int

    /// What the result does not know, in words; nil when it knows all.
    var missing: String? {
        var words: [String] = []
        if layersDone < layersTotal {
            words.append("\(layersTotal - layersDone) of \(layersTotal) layers were not read whole")
        }
        if let file = unreadable.first {
            words.append(
                unreadable.count == 1 ? "\(file.path) cannot be read" : "\(unreadable.count) files cannot be read"
            )
        }
        if !inventoryComplete, words.isEmpty { words.append("not every file could be taken into account") }
        if !unknownEcosystems.isEmpty {
            words.append("there are no advisories for \(unknownEcosystems.joined(separator: ", "))")
        }
        if uncomparablePackages > 0 {
            words.append("\(uncomparablePackages) packages have versions that cannot be compared")
        }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
