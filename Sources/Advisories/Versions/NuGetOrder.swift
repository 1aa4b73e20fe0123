/// NuGet's order: SemVer with an optional fourth number, the prerelease compared without case.
///
/// Source: learn.microsoft.com/nuget/concepts/package-versioning.
public struct NuGetOrder: VersionOrder {
    /// The order.
    public init() {}

    /// See ``VersionOrder/parse(_:)``. Refuses nothing.
    public func parse(_ version: ArraySlice<UInt8>) -> SemVerOrder.Key? { SemVerOrder.read(version.lowered) }

    /// See ``VersionOrder/compare(_:_:)``.
    public func compare(_ left: SemVerOrder.Key, _ right: SemVerOrder.Key) -> Int {
        SemVerOrder().compare(left, right)
    }
}
