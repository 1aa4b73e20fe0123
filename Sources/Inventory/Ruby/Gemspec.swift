import Layers

/// A gemspec as RubyGems writes it: a program in Ruby, of which only assignments of plain strings are understood.
///
/// Source: rubygems, Gem::Specification#to_ruby.
enum Gemspec {
    static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        var variable: ByteView?
        var name: String?
        var version: String?
        var platform: String?
        var licenses: [String] = []
        for line in Lines(bytes) {
            let line = line.trimmed
            if line.hasPrefix("Gem::Specification.new") { variable = blockVariable(line) }
            guard let variable, let (attribute, value) = assignment(line, to: variable) else { continue }
            if attribute.equals("name") { name = name ?? strings(in: value, limit: 1).first }
            if attribute.equals("version") { version = version ?? strings(in: value, limit: 1).first }
            if attribute.equals("platform") { platform = strings(in: value, limit: 1).first }
            if attribute.equals("licenses") || attribute.equals("license") { licenses = strings(in: value, limit: 20) }
        }
        guard let name, !name.isEmpty else { throw UnreadableFile("names no gem") }
        guard let version, !version.isEmpty else { throw UnreadableFile("\(name) has no version") }
        return FileReading(
            packages: [
                Package(
                    kind: .gem,
                    name: name,
                    version: version,
                    architecture: platform == "ruby" ? nil : platform,
                    licenses: licenses,
                    locations: []
                )
            ]
        )
    }

    /// `s` of `Gem::Specification.new do |s|`.
    private static func blockVariable(_ line: ByteView) -> ByteView? {
        guard let open = line.firstIndex(of: UInt8(ascii: "|")),
            let close = line.firstIndex(of: UInt8(ascii: "|"), from: open + 1)
        else { return nil }
        let name = line.slice(from: open + 1, count: close - open - 1)?.trimmed
        return name.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `s.attribute = value`.
    private static func assignment(_ line: ByteView, to variable: ByteView) -> (ByteView, ByteView)? {
        guard line.count > variable.count, line[variable.count] == UInt8(ascii: "."),
            line.prefix(variable.count).bytes.elementsEqual(variable.bytes),
            let equals = line.firstIndex(of: UInt8(ascii: "="))
        else { return nil }
        guard let attribute = line.slice(from: variable.count + 1, count: equals - variable.count - 1) else {
            return nil
        }
        return (attribute.trimmed, line.dropping(equals + 1))
    }

    /// The quoted words of a value, up to a comment. `%q<…>` is what RubyGems writes where both quotes are in a word: no name has.
    private static func strings(in value: ByteView, limit: Int) -> [String] {
        var found: [String] = []
        var offset = 0
        while let byte = value[offset], found.count < limit, byte != UInt8(ascii: "#") {
            offset += 1
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { continue }
            guard let end = value.firstIndex(of: byte, from: offset), end - offset <= CatalogLimits.wordInBytes,
                let word = value.slice(from: offset, count: end - offset)
            else { break }
            found.append(word.text)
            offset = end + 1
        }
        return found
    }
}
