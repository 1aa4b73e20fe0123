#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The host of a URL in its one canonical form: a lower-case DNS name, a dotted IPv4 address, or an IPv6 address in brackets.
///
/// Forms that a resolver would read as an address and a person would not (`0x7f.1`, `2130706433`) are refused, so that no
/// check made on the text is passed by.
struct HostName: CustomStringConvertible {
    let description: String

    init(_ raw: Substring) throws(RegistryURL.ValidationError) {
        let lowered = raw.lowercased()
        if lowered.hasPrefix("[") {
            description = try HostName.ipv6(lowered)
            return
        }
        let name = lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253, labels.allSatisfy(HostName.isLabel) else {
            throw RegistryURL.ValidationError("has no valid host name")
        }
        // A name whose last label is a number is an address or nothing. Source: WHATWG URL, "ends in a number checker".
        if let last = labels.last, last.utf8.allSatisfy(HostName.isDigit) || last.hasPrefix("0x") {
            guard HostName.isDottedQuad(labels) else {
                throw RegistryURL.ValidationError(
                    "has a host that is neither a name nor an IPv4 address in dotted form"
                )
            }
        }
        description = name
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { isDigit($0) || (97...122).contains($0) || $0 == 45 || $0 == 95 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isDottedQuad(_ labels: [Substring]) -> Bool {
        labels.count == 4
            && labels.allSatisfy { label in
                label.utf8.allSatisfy(isDigit) && label.utf8.count <= 3 && (Int(label) ?? 256) <= 255
                    && (label == "0" || label.first != "0")
            }
    }

    private static func ipv6(_ text: String) throws(RegistryURL.ValidationError) -> String {
        var address = in6_addr()
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard text.hasSuffix("]"), inet_pton(AF_INET6, String(text.dropFirst().dropLast()), &address) == 1,
            inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil
        else { throw RegistryURL.ValidationError("has brackets that hold no IPv6 address") }
        let canonical = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "[\(canonical)]"
    }
}
