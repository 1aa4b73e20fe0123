/// What this build calls itself, in `--version` and in the `User-Agent` of every request.
enum Release {
    static let version = "0.1.0"
}
