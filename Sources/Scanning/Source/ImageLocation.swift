/// Where an image is, as a user writes it: a reference, `oci:DIRECTORY[:TAG]` or `docker-archive:FILE[:REFERENCE]`.
///
/// Source: containers-transports(5), whose words for the two local forms are used.
public enum ImageLocation: Sendable, Hashable, CustomStringConvertible {
    /// In a registry: the text after normalisation stands in the reference itself.
    case registry(String)
    /// A directory in the OCI image layout; the tag is needed where it holds several.
    case layout(directory: String, tag: String?)
    /// What `docker save` writes; the reference is needed where it holds several.
    case archive(file: String, reference: String?)

    /// Reads what the user wrote.
    public init(_ raw: String) throws(ScanError) {
        if let rest = ImageLocation.rest(of: raw, after: "oci:") {
            let (path, tag) = ImageLocation.split(rest)
            self = .layout(directory: path, tag: tag)
        } else if let rest = ImageLocation.rest(of: raw, after: "docker-archive:") {
            let (path, reference) = ImageLocation.split(rest)
            self = .archive(file: path, reference: reference)
        } else {
            self = .registry(raw)
            return
        }
        if case .layout("", _) = self { throw ImageLocation.incomplete("oci:DIRECTORY[:TAG]") }
        if case .archive("", _) = self { throw ImageLocation.incomplete("docker-archive:FILE[:REFERENCE]") }
    }

    /// As the user writes it.
    public var description: String {
        switch self {
        case .registry(let reference): reference
        case .layout(let directory, let tag): "oci:\(directory)" + (tag.map { ":\($0)" } ?? "")
        case .archive(let file, let reference): "docker-archive:\(file)" + (reference.map { ":\($0)" } ?? "")
        }
    }

    private static func incomplete(_ form: String) -> ScanError {
        ScanError(.unusableInput, "the image location names no path", hint: "Write \(form)")
    }

    private static func rest(of raw: String, after prefix: String) -> Substring? {
        raw.hasPrefix(prefix) ? raw.dropFirst(prefix.count) : nil
    }

    /// At the first colon: paths with colons in them cannot be written, as in Skopeo.
    private static func split(_ text: Substring) -> (String, String?) {
        guard let colon = text.firstIndex(of: ":") else { return (String(text), nil) }
        let name = text[text.index(after: colon)...]
        return (String(text[..<colon]), name.isEmpty ? nil : String(name))
    }
}
