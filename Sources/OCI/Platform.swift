/// What an image runs on: `linux/amd64`, `linux/arm/v7`. Source: OCI image specification 1.1, image-index.md, "platform".
public struct Platform: Sendable, Hashable, Codable, CustomStringConvertible {
    /// `linux`, `windows`, …
    public var os: String
    /// `amd64`, `arm64`, … as Go names them.
    public var architecture: String
    /// `v7`, `v8`, …; nil when there is none.
    public var variant: String?
    /// Of Windows images: `10.0.17763.1234`.
    public var osVersion: String?

    private enum CodingKeys: String, CodingKey {
        case os
        case architecture
        case variant
        case osVersion = "os.version"
    }

    /// A platform.
    public init(os: String, architecture: String, variant: String? = nil, osVersion: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.osVersion = osVersion
    }

    /// The platform that is scanned when nobody asks for another.
    public static let linuxAMD64 = Platform(os: "linux", architecture: "amd64")

    /// `os/architecture[/variant]`.
    public var description: String {
        "\(os)/\(architecture)" + (variant.map { "/\($0)" } ?? "")
    }
}
