public import Layers

/// All cataloguers: says which files of a layer are read and how, and makes an inventory of what they gave.
///
/// One for each image: it counts what the readings of its layers take in memory, and leaves out what is too much, with a word in
/// ``Inventory/unreadable``.
public struct Catalog: FileSelector {
    /// Grows whenever a cataloguer would make something else of the same file; readings of other versions are void.
    public static let version = 2

    let cataloguers: [any Cataloguer]
    private let table: ClueTable
    let budget: ReadingBudget

    /// Every ecosystem that is known.
    public init() {
        self.init(Catalog.everyEcosystem)
    }

    init(_ cataloguers: [any Cataloguer], budget: ReadingBudget = ReadingBudget()) {
        self.cataloguers = cataloguers
        self.budget = budget
        table = ClueTable(cataloguers.map(\.clues))
    }

    // In this order where two want the same file: a jar with an execute bit is a jar.
    static let everyEcosystem: [any Cataloguer] = [
        ReleaseCataloguer(), DebianCataloguer(), AlpineCataloguer(), RPMCataloguer(), PythonCataloguer(),
        NodeCataloguer(),
        RubyCataloguer(), PHPCataloguer(), DotNetCataloguer(), JavaCataloguer(),
        ExecutableCataloguer(),
    ]

    /// Nothing, or a reader that leaves a small value behind. Decided on the path and the mode alone.
    public func interest(in entry: LayerEntry) -> FileInterest {
        guard let reader = reader(for: entry) else { return .none }
        return .streamed(ChargedReader(reader: reader, budget: budget))
    }

    /// Whether the file at `path` is a database that every layer rewrites whole (dpkg, apk, rpm). Keep its versions of all layers
    /// and give them to ``inventory(of:history:)``: only they tell which layer brought a package.
    public func isDatabase(_ path: String) -> Bool {
        cataloguers.contains { $0.isDatabase(path) }
    }

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard entry.kind == .file else { return nil }
        var members = table.members(for: entry.path, mode: entry.mode)
        while members != 0 {
            let number = members.trailingZeroBitCount
            if let reader = cataloguers[number].reader(for: entry) { return reader }
            members &= members - 1
        }
        return nil
    }
}
