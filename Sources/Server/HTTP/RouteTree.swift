import HTTPTypes

/// The routes by the segments of their paths. A segment in braces takes any text; one that is written out goes before it.
///
/// Hummingbird's router goes through a path character by character and through siblings one after the other, which for paths as
/// long as the contract's, and as many, costs as much as reading what the request asks for.
struct RouteTree<Handler: Sendable>: Sendable {
    /// What was found for a path.
    enum Match {
        /// The handler, and the texts of the path's parameters.
        case found(Handler, PathParameters)
        /// The path exists under these methods only.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    private struct Node: Sendable {
        var children: [Substring: Int] = [:]
        var parameter: Int?
        var routes: [Route] = []
    }

    private struct Route: Sendable {
        let method: HTTPRequest.Method
        let parameters: [String]
        let handler: Handler
    }

    private var nodes = [Node()]

    /// Adds a route; `path` as in the OpenAPI document, `/project/{projectId}`.
    mutating func add(_ method: HTTPRequest.Method, _ path: String, _ handler: Handler) {
        var node = 0
        var parameters: [String] = []
        for segment in RouteTree.segments(path) {
            if segment.hasPrefix("{") {
                parameters.append(String(segment.dropFirst().dropLast()))
                node = child(of: node, at: \.parameter)
            } else {
                node = child(of: node, at: \.children[segment])
            }
        }
        nodes[node].routes.append(Route(method: method, parameters: parameters, handler: handler))
    }

    private mutating func child(of node: Int, at place: WritableKeyPath<Node, Int?>) -> Int {
        if let child = nodes[node][keyPath: place] { return child }
        nodes.append(Node())
        nodes[node][keyPath: place] = nodes.count - 1
        return nodes.count - 1
    }

    /// Finds the route for a request.
    func find(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let segments = RouteTree.segments(path)
        var others: [HTTPRequest.Method] = []
        var texts: [Substring] = []
        guard let route = find(method, segments[...], 0, &texts, &others) else {
            return others.isEmpty ? .nothing : .otherMethods(others)
        }
        return .found(route.handler, PathParameters(names: route.parameters, texts: texts))
    }

    /// No deeper than the tree is: a segment more than it has finds nothing.
    private func find(
        _ method: HTTPRequest.Method,
        _ segments: ArraySlice<Substring>,
        _ node: Int,
        _ texts: inout [Substring],
        _ others: inout [HTTPRequest.Method]
    ) -> Route? {
        guard let segment = segments.first else {
            if let route = nodes[node].routes.first(where: { $0.method == method }) { return route }
            others += nodes[node].routes.map(\.method)
            return nil
        }
        if let child = nodes[node].children[segment] {
            if let route = find(method, segments.dropFirst(), child, &texts, &others) { return route }
            // A path that is written out to its end is that path, under every method: `images` is no id that can be changed.
            if segments.count == 1, !nodes[child].routes.isEmpty { return nil }
        }
        guard let child = nodes[node].parameter else { return nil }
        texts.append(segment)
        if let route = find(method, segments.dropFirst(), child, &texts, &others) { return route }
        texts.removeLast()
        return nil
    }

    /// The segments between slashes; empty ones count for nothing, so that a slash at the end changes nothing.
    private static func segments(_ path: String) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }
}

/// The texts of a path's parameters, as the client sent them.
struct PathParameters: Sendable {
    fileprivate(set) var names: [String] = []
    fileprivate(set) var texts: [Substring] = []

    /// The text of the parameter `name`.
    func get(_ name: String) -> String? {
        names.firstIndex(of: name).map { String(texts[$0]) }
    }
}
