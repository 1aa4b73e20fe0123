/// What this build calls itself.
public enum Release {
    /// The version, as `pratique --version` and the `Server` header tell it. Source: semver.org.
    public static let version = "0.1.0"
}
