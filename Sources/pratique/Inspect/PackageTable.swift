import Inventory
import Scanning

/// Every package for people.
struct PackageTable {
    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    func text(_ isStyled: Bool) -> String {
        let packages = report.scanned.inventory.packages
        guard !packages.isEmpty else { return "" }
        let rows = packages.map { package -> [ColoredTable.Cell] in
            let place = package.locations.first
            return [
                .init(package.kind.rawValue), .init(package.fullName), .init(package.version),
                .init(place?.layer.map(String.init) ?? ""),
                .init(package.ownedBy.map { "part of \($0)" } ?? place?.path ?? ""),
            ]
        }
        return "\n"
            + ColoredTable(header: ["TYPE", "PACKAGE", "VERSION", "LAYER", "FOUND IN"], rows: rows).text(isStyled)
    }
}
