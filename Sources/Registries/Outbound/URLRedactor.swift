/// The one place that decides what of a URL may be read in logs and errors.
///
/// Scheme, host, port and path stay; of the query only the values of named keys. Signed storage URLs, session tokens and
/// account names are therefore never shown.
enum URLRedactor {
    /// Keys whose values tell where in a list one is, or what right was asked for, and nothing secret.
    static let shownKeys: Set<String> = [
        "n", "last", "page", "page_size", "service", "scope", "sort", "ordering", "artifactType", "public", "with_tag",
        "with_label", "project_name", "relative",
    ]
    /// So that a hostile URL cannot fill the log.
    static let lengthLimit = 400

    static func redacted(_ url: OutboundURL) -> String {
        var text = url.origin.description + url.path
        if let query = url.query, !query.isEmpty {
            let pairs = query.split(separator: "&").map { pair -> String in
                let name = pair.prefix { $0 != "=" }
                return shownKeys.contains(String(name)) ? String(pair) : "\(name.prefix(40))=-"
            }
            text += "?" + pairs.joined(separator: "&")
        }
        return text.utf8.count <= lengthLimit ? text : String(text.prefix(lengthLimit)) + "…"
    }
}
