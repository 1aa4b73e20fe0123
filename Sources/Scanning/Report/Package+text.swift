import Inventory

extension Package {
    /// The package URL as text; empty for a package that can have none (one without a name).
    func purlText(_ release: Release?) -> String {
        purl(release: release)?.description ?? ""
    }
}
