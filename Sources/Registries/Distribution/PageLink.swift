/// The `Link` header of a page of a list. Source: RFC 8288.
public enum PageLink {
    /// Where the next page is, always at the origin that answered; nil when there is none.
    ///
    /// Quay writes the host of its own configuration into the link, which need not be the one that is called. A link to the same list
    /// at another origin therefore goes on here, with the link's query; nothing is ever sent to the host that it names. Throws
    /// ``RegistryError/Code/upstreamMisbehaved`` for one to anything else elsewhere, and for one that is no address.
    /// Source: Quay, `endpoints/v2/__init__.py`.
    public static func next(in response: OutboundResponse) throws(RegistryError) -> OutboundURL? {
        for value in response.headers.all("Link") {
            for (target, parameters) in links(in: value) where isNext(parameters) {
                // The error says all that matters of it; the address is foreign and not repeated.
                guard let url = try? response.url.resolving(target) else {
                    throw .misbehaved(response.url.origin, "continues a list at no valid address")
                }
                let here = response.url
                if url.origin == here.origin { return url }
                guard url.path == here.path, let query = url.query else {
                    throw .misbehaved(here.origin, "continues a list at another host")
                }
                return OutboundURL(origin: here.origin, path: here.path, query: query)
            }
        }
        return nil
    }

    /// `<target>; rel="next", <…>; …` taken apart. Commas and semicolons may stand in the target, which servers do not escape.
    private static func links(in value: String) -> [(target: String, parameters: Substring)] {
        guard value.utf8.count <= 2 * OutboundURL.lengthLimit else { return [] }
        var found: [(String, Substring)] = []
        var rest = value[...]
        while found.count < 16, let open = rest.firstIndex(of: "<") {
            let afterOpen = rest[rest.index(after: open)...]
            guard let close = afterOpen.firstIndex(of: ">") else { break }
            let afterClose = afterOpen[afterOpen.index(after: close)...]
            let parameters = afterClose.prefix { $0 != "<" }
            found.append((String(afterOpen[..<close]), parameters))
            rest = afterClose[parameters.endIndex...]
        }
        return found
    }

    private static func isNext(_ parameters: Substring) -> Bool {
        parameters.split { $0 == ";" || $0 == "," }.contains { parameter in
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "rel" else { return false }
            let value = pair[1].filter { $0 != "\"" }
            return value.split(separator: " ").contains { $0.lowercased() == "next" }
        }
    }
}
