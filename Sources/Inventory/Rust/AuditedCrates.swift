import Layers

/// The list itself: JSON with a package for each crate. Source: rust-secure-code/cargo-auditable, cargo-auditable.schema.json.
enum AuditedCrates {
    /// Adds what was linked in; crates that only ran while building are not there any more.
    static func read(_ view: ByteView, into reading: inout FileReading) throws(UnreadableFile) {
        var cursor = JSONCursor(view)
        try cursor.object { cursor, key throws(UnreadableFile) in
            guard key.equals("packages"), try cursor.kind() == .array else { return }
            try cursor.array { cursor throws(UnreadableFile) in
                var name: String?
                var version: String?
                var kind: String?
                try cursor.object { cursor, key throws(UnreadableFile) in
                    if key.equals("name") { name = try cursor.word() }
                    if key.equals("version") { version = try cursor.word() }
                    if key.equals("kind") { kind = try cursor.word() }
                }
                guard kind != "build" else { return }
                guard let name, let version, !name.isEmpty, !version.isEmpty else {
                    return reading.note("\(name ?? "a crate without a name") has no version")
                }
                try reading.add(Package(kind: .cargo, name: name, version: version, locations: []))
            }
        }
        try cursor.end()
    }
}
