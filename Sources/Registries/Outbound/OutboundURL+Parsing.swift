import Foundation

extension OutboundURL {
    /// Whether the library below, which takes a URL apart and puts it together again, sends this one as it is.
    ///
    /// It does not when the path has escapes that are no UTF-8: it would ask for `/` in its place.
    var survivesParsing: Bool {
        guard let url = URL(string: text), let parts = URLComponents(url: url, resolvingAgainstBaseURL: true) else {
            return false
        }
        let path = url.path.isEmpty ? "/" : parts.percentEncodedPath
        return path == self.path && url.query == query
    }
}
