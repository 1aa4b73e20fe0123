import HTTPTypes

/// `/docs`: the API for people, rendered from the same operations as `/openapi.json`. Plain HTML and CSS: no script, nothing
/// loaded from anywhere.
struct DocumentationPage {
    let operations: [Operation]

    var html: String {
        var page = """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Pratique API</title><style>\(DocumentationPage.style)</style></head><body>
            <header><h1>Pratique API <small>\(Release.version)</small></h1>
            <p>Send an API key in the header <code>x-api-key</code>. The same as a document for machines:
            <a href="/openapi.json">/openapi.json</a>.</p></header>
            <nav><ul>
            """
        let tags = operations.map(\.tag).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        for tag in tags { page += "<li><a href=\"#\(anchor(tag))\">\(escaped(tag))</a></li>" }
        page += "</ul></nav><main>"
        for tag in tags {
            page += "<h2 id=\"\(anchor(tag))\">\(escaped(tag))</h2>"
            for operation in operations where operation.tag == tag { page += section(operation) }
        }
        return page + "</main></body></html>\n"
    }

    private func section(_ operation: Operation) -> String {
        let method = operation.method.rawValue
        var text = """
            <details id="\(escaped(operation.id))"><summary><b class="\(method.lowercased())">\(method)</b>
            <code>\(escaped(operation.path))</code> <span>\(escaped(operation.summary))</span></summary>
            """
        if let description = operation.description { text += "<p>\(escaped(description))</p>" }
        if !operation.query.isEmpty {
            text += "<h3>Query</h3><dl>"
            for parameter in operation.query {
                text += "<dt><code>\(escaped(parameter.name))</code></dt><dd>\(escaped(parameter.description))</dd>"
            }
            text += "</dl>"
        }
        if let body = operation.body {
            text += "<h3>Body <small>\(escaped(body.contentType))</small></h3>" + properties(of: body.schema)
        }
        text += "<h3>Answer \(operation.success.status.code)</h3><p>\(escaped(operation.success.description))</p>"
        if let schema = operation.success.schema { text += properties(of: schema) }
        let errors = operation.errorStatuses.map { String($0.code) }.joined(separator: ", ")
        return text + "<p class=\"errors\">Errors: \(errors)</p></details>"
    }

    private func properties(of schema: JSON) -> String {
        let isArray = schema["type"] == "array"
        let object = isArray ? schema["items"] ?? .null : schema
        var required: [JSON] = []
        if case .array(let names)? = object["required"] { required = names }
        var text = isArray ? "<p>An array of:</p><dl>" : "<dl>"
        for property in object["properties"]?.members ?? [] {
            let mark = required.contains(.string(property.name)) ? "" : " <small>optional</small>"
            text +=
                "<dt><code>\(escaped(property.name))</code>\(mark)</dt><dd>\(escaped(words(of: property.value)))</dd>"
        }
        return text + "</dl>"
    }

    private func words(of schema: JSON) -> String {
        var words: [String] = []
        for name in ["description", "type", "format"] {
            if case .string(let text)? = schema[name] { words.append(name == "description" ? text + ":" : text) }
        }
        if case .array(let choices)? = schema["enum"] {
            words.append(
                choices.compactMap { if case .string(let text) = $0 { text } else { nil } }.joined(separator: " | ")
            )
        }
        return words.joined(separator: " ")
    }

    private func anchor(_ tag: String) -> String {
        tag.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
    }

    private func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }

    private static let style = """
        :root{color-scheme:light dark;--line:#8884;--get:#2a7;--post:#27c;--put:#a60;--patch:#a60;--delete:#c33}
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1rem;padding:0;list-style:none}
        h1 small,h3 small,dt small{font-weight:normal;opacity:.7}h3{margin:.8rem 0 .2rem;font-size:1rem}
        details{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;padding:.4rem .7rem}
        summary{cursor:pointer}summary span{opacity:.8}code{overflow-wrap:anywhere}
        b{display:inline-block;min-width:4.2rem}.get{color:var(--get)}.post{color:var(--post)}
        .put{color:var(--put)}.patch{color:var(--patch)}.delete{color:var(--delete)}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.2rem 0}dd{margin:0}
        .errors{opacity:.7}@media(max-width:40rem){dl{grid-template-columns:1fr}}
        """
}
