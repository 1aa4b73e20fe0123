import ArgumentParser

/// What a command that gives a secret may say about proving it.
struct ProbeOptions: ParsableArguments {
    @Flag(help: "Ask the registry first, up to 10 s, and store nothing that it refuses.")
    var verify = false

    @Option(help: ArgumentHelp("When the secret ends: 2027-01-31, or a time in RFC 3339.", valueName: "date"))
    var expiresAt: String?

    /// The query of the request.
    var query: [(name: String, value: String?)] { [("verify", verify ? "wait" : nil)] }

    func validate() throws {
        guard let expiresAt, time == nil else { return }
        throw ValidationError("--expires-at is \"\(expiresAt)\", which is neither a date nor a time in RFC 3339")
    }

    /// The time in RFC 3339; a date alone means its first moment in UTC.
    var time: String? {
        guard let expiresAt else { return nil }
        let text = expiresAt.contains("T") ? expiresAt : expiresAt + "T00:00:00Z"
        return Timestamp.date(text) == nil ? nil : text
    }
}
