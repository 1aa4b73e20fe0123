/// What is installed in an image, and what could not be read.
public struct Inventory: Sendable {
    /// A file that should have told of packages and could not be read.
    public struct Unreadable: Sendable, Hashable {
        /// In the final file system.
        public var path: String
        /// What is wrong, in one line.
        public var reason: String

        /// An entry.
        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// Which distribution it is; nil when nothing says so.
    public var release: Release?
    /// Sorted by kind, namespace, name and version.
    public var packages: [Package]
    /// Sorted by path.
    public var unreadable: [Unreadable]

    /// An inventory.
    public init(release: Release? = nil, packages: [Package] = [], unreadable: [Unreadable] = []) {
        self.release = release
        self.packages = packages
        self.unreadable = unreadable
    }
}
