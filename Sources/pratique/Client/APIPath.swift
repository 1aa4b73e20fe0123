import Foundation

/// A path and a query on the server, each part encoded, so that no name can reach another path.
struct APIPath: Sendable, CustomStringConvertible {
    private let components: [String]
    private let query: [(name: String, value: String)]

    init(_ components: String..., query: [(name: String, value: String?)] = []) {
        self.init(components, query: query)
    }

    init(_ components: [String], query: [(name: String, value: String?)] = []) {
        self.components = components
        self.query = query.compactMap { item in item.value.map { (item.name, $0) } }
    }

    private init(components: [String], query: [(name: String, value: String)]) {
        self.components = components
        self.query = query
    }

    /// This path with more in its query.
    func adding(query more: [(name: String, value: String)]) -> APIPath {
        APIPath(components: components, query: query + more)
    }

    /// What goes after the server's address.
    var description: String {
        let path = components.map { "/" + Self.encoded($0) }.joined()
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    /// RFC 3986: everything but the unreserved characters is escaped.
    private static func encoded(_ text: String) -> String {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let unreserved = CharacterSet(charactersIn: letters + letters.uppercased() + "0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
