/// The version orders by number, as a snapshot stores them.
enum VersionOrderKind: UInt8, Sendable, CaseIterable {
    case dpkg = 1
    case apk
    case rpm
    case pep440
    case semver
    case maven
    case nuget
    case rubygems
    case packagist

    /// The order itself.
    var order: any VersionOrder {
        switch self {
        case .dpkg: DpkgOrder()
        case .apk: ApkOrder()
        case .rpm: RpmOrder()
        case .pep440: PEP440Order()
        case .semver: SemVerOrder()
        case .maven: MavenOrder()
        case .nuget: NuGetOrder()
        case .rubygems: RubyGemsOrder()
        case .packagist: PackagistOrder()
        }
    }
}
