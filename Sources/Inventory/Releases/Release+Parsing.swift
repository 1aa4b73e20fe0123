extension Release {
    /// `KEY=value` lines with shell quoting. Source: os-release(5).
    static func parsingOSRelease(_ bytes: ByteView) -> Release? {
        let values = assignments(in: bytes)
        guard let id = values["ID"].map({ $0.lowercased() }) ?? guessedID(values["NAME"]), !id.isEmpty else {
            return nil
        }
        let version = values["VERSION_ID"] ?? ""
        return Release(
            id: id,
            idLike: (values["ID_LIKE"] ?? "").split(separator: " ").map(String.init),
            version: version,
            codename: values["VERSION_CODENAME"] ?? values["UBUNTU_CODENAME"] ?? bracketed(values["VERSION"]),
            cpe: values["CPE_NAME"],
            prettyName: values["PRETTY_NAME"] ?? [values["NAME"] ?? id, version].joined(separator: " ")
        )
    }

    /// `DISTRIB_ID=Ubuntu` and its companions, as old Ubuntu has them.
    static func parsingLSBRelease(_ bytes: ByteView) -> Release? {
        let values = assignments(in: bytes)
        guard let id = values["DISTRIB_ID"]?.lowercased(), !id.isEmpty else { return nil }
        let version = values["DISTRIB_RELEASE"] ?? ""
        return Release(
            id: id,
            version: version,
            codename: values["DISTRIB_CODENAME"],
            prettyName: values["DISTRIB_DESCRIPTION"] ?? "\(id) \(version)"
        )
    }

    /// `CentOS release 6.10 (Final)`, `Red Hat Enterprise Linux Server release 6.5 (Santiago)`.
    static func parsingRedHatRelease(_ bytes: ByteView) -> Release? {
        guard let line = Array(Lines(bytes).prefix(1)).first?.trimmed.text, let split = line.firstRange(of: " release ")
        else { return nil }
        let name = line[..<split.lowerBound]
        guard let id = guessedID(String(name)) else { return nil }
        let version = line[split.upperBound...].prefix { $0.isNumber || $0 == "." }
        return Release(id: id, version: String(version), codename: bracketed(line), prettyName: line)
    }

    /// `12.5`, `bookworm/sid`.
    static func parsingDebianVersion(_ bytes: ByteView) -> Release? {
        let line = bytes.trimmedLine
        guard let first = line.first else { return nil }
        let version = first.isNumber ? String(line.prefix { $0 != "." }) : ""
        let codename = first.isNumber ? nil : String(line.prefix { $0 != "/" })
        return Release(id: "debian", version: version, codename: codename, prettyName: "Debian GNU/Linux \(line)")
    }

    /// A version and nothing else.
    static func parsingBareVersion(_ bytes: ByteView, id: String, name: String) -> Release? {
        let line = bytes.trimmedLine
        return line.isEmpty ? nil : Release(id: id, version: line, prettyName: "\(name) \(line)")
    }

    private static func assignments(in bytes: ByteView) -> [String: String] {
        var values: [String: String] = [:]
        for line in Lines(bytes) {
            let line = line.trimmed
            guard line[0] != UInt8(ascii: "#"), let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            values[line.prefix(equals).text] = unquoted(line.dropping(equals + 1))
        }
        return values.filter { !$0.value.isEmpty }
    }

    /// Quotes of the shell; a backslash keeps the next character in double ones.
    private static func unquoted(_ value: ByteView) -> String {
        guard let quote = value[0], quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return value.text }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in value.dropping(1).bytes {
            if isEscaped {
                text.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                isEscaped = true
            } else if byte == quote {
                break
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func bracketed(_ text: String?) -> String? {
        guard let text, let open = text.firstIndex(of: "("), let close = text[open...].firstIndex(of: ")") else {
            return nil
        }
        let inner = text[text.index(after: open)..<close]
        return inner.isEmpty ? nil : inner.lowercased()
    }

    private static func guessedID(_ name: String?) -> String? {
        guard let name = name?.lowercased() else { return nil }
        let known: [(word: String, id: String)] = [
            ("centos", "centos"), ("red hat", "rhel"), ("fedora", "fedora"), ("rocky", "rocky"),
            ("almalinux", "almalinux"), ("oracle", "ol"), ("amazon", "amzn"), ("debian", "debian"),
            ("ubuntu", "ubuntu"), ("alpine", "alpine"), ("scientific", "scientific"),
        ]
        return known.first { name.contains($0.word) }?.id
    }
}

extension ByteView {
    /// The first line as text, without blanks around it.
    fileprivate var trimmedLine: String {
        for line in Lines(self) { return line.trimmed.text }
        return ""
    }
}
